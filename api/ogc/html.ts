import type { ItemsDocument } from "./items.ts";
import type { Link } from "./links.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");

/** Only addresses of ours and of the standard are links; anything else stays text. */
const link = (href: string, text: string): string =>
  /^https?:\/\//.test(href) ? `<a href="${escaped(href)}">${escaped(text)}</a>` : escaped(text);

/** A page of ours: no style, no script, Chinese first. */
const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · 经纬 Jingwei</title></head>
<body><main><h1>${escaped(title)}</h1>
${body}
</main></body></html>
`;

const linkList = (links: readonly Link[]): string =>
  `<ul>${links
    .map(({ href, rel, title }) => {
      const text = title ?? rel;
      return `<li>${href.includes("{") ? `${escaped(text)}: <code>${escaped(href)}</code>` : link(href, text)} <small>${escaped(rel)}</small></li>`;
    })
    .join("\n")}</ul>`;

const isLink = (value: unknown): value is Link =>
  typeof value === "object" && value !== null && "href" in value && "rel" in value;
const isLinks = (value: unknown): value is Link[] => Array.isArray(value) && value.length > 0 && value.every(isLink);

/** Any value of a document in words: objects as lists of terms, lists as lists, the rest as text. */
function valueHtml(value: unknown): string {
  if (isLinks(value)) return linkList(value);
  if (Array.isArray(value)) {
    if (value.every((one) => one === null || typeof one !== "object"))
      return value
        .map((one) => (/^https?:/.test(String(one)) ? link(String(one), String(one)) : escaped(String(one))))
        .join("<br>");
    return `<ol>${value.map((one) => `<li>${valueHtml(one)}</li>`).join("\n")}</ol>`;
  }
  if (typeof value === "object" && value !== null) return termsHtml(value as Record<string, unknown>);
  const text = value === null || value === undefined ? "—" : String(value);
  return /^https?:\/\//.test(text) ? link(text, text) : escaped(text);
}

const termsHtml = (document: Readonly<Record<string, unknown>>): string =>
  `<dl>${Object.entries(document)
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${valueHtml(value)}</dd>`)
    .join("\n")}</dl>`;

/** A document of OGC API as a page. @param title heading; the document's own title where it has one */
export function documentHtml(document: object, title = "OGC API"): string {
  const own = "title" in document && typeof document.title === "string" ? document.title : title;
  const { title: _title, ...rest } = document as Record<string, unknown>;
  return page(own, termsHtml(rest));
}

/** A page of features as a table. */
export function itemsHtml(document: ItemsDocument, id: string, path: string): string {
  const names = Object.keys(document.features[0]?.properties ?? {});
  const cell = (value: unknown): string => `<td>${value === null ? "" : escaped(String(value))}</td>`;
  const head = `<tr><th>id</th>${names.map((name) => `<th>${escaped(name)}</th>`).join("")}</tr>`;
  const rows = document.features.map(
    ({ id: feature, properties }) =>
      `<tr><td>${link(`${path}/items/${feature}?f=html`, feature)}</td>${names.map((name) => cell(properties[name])).join("")}</tr>`,
  );
  return page(
    id,
    `<p>共 ${document.numberMatched} 条，本页 ${document.numberReturned} 条。 ${document.numberReturned} of ${document.numberMatched}.</p>
<table><thead>${head}</thead><tbody>
${rows.join("\n")}
</tbody></table>
${linkList(document.links)}`,
  );
}
