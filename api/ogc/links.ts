/** A link of OGC API (RFC 8288). */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
  readonly templated?: boolean;
}

export const JSON_TYPE = "application/json";
export const GEOJSON_TYPE = "application/geo+json";
export const HTML_TYPE = "text/html";
export const OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0";
export const MVT_TYPE = "application/vnd.mapbox-vector-tile";

/** An address with parameters. */
export const address = (path: string, query: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(query).toString();
  return text === "" ? path : `${path}?${text}`;
};

/**
 * The document itself and its other form.
 *
 * @param type media type of the form that is not HTML
 */
export function selfLinks(
  path: string,
  query: Readonly<Record<string, string>>,
  form: "json" | "html",
  type: string = JSON_TYPE,
): Link[] {
  const { f: _form, ...rest } = query;
  const of = (one: "json" | "html"): Link => ({
    href: address(path, { ...rest, f: one }),
    rel: one === form ? "self" : "alternate",
    type: one === "json" ? type : HTML_TYPE,
    title: one === "json" ? "JSON" : "HTML",
  });
  return [of("json"), of("html")];
}
