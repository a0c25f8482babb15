import { isCreditCode } from "../model/codes.ts";
import type { OrganisationKind } from "../model/organisation.ts";
import type { FieldMap, FieldNames } from "./field-map.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";
import { readWorkPhone } from "./work-phone.ts";

/** Fields of organisations and the names they go by. */
export const ORGANISATION_FIELDS: FieldNames = {
  name: ["name", "namezh", "单位名称", "名称", "机构名称", "organisation", "organization"],
  code: ["code", "creditcode", "统一社会信用代码", "信用代码", "统一信用代码"],
  kind: ["kind", "type", "单位类型", "单位性质", "类型", "性质"],
  level: ["level", "unitlevel", "单位级别", "级别"],
  phone: ["phone", "dutyphone", "telephone", "值班电话", "单位电话", "联系电话", "电话"],
};

export interface OrganisationDraft {
  readonly at: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly creditCode: string | null;
  readonly unitLevel: 1 | 2 | null;
  readonly dutyPhone: string | null;
}

/** By the words of a column, else of the name; the first that fits. */
const KINDS: readonly (readonly [RegExp, OrganisationKind])[] = [
  [/^party_organ$|党委|党组|组织部|统战部|政法委|宣传部|纪委/, "party_organ"],
  [/^police$|公安|派出所|警/, "police"],
  [/^court$|法院|检察院/, "court"],
  [/^property_firm$|物业/, "property_firm"],
  [/^community_office$|居委会|村委会|居民委员会|村民委员会/, "community_office"],
  [/^town_office$|街道办|镇政府|乡政府|镇人民政府|乡人民政府/, "town_office"],
  [/^enterprise$|企业|公司|集团|厂|店$/, "enterprise"],
  [/^institution$|事业|学校|医院|中心|小学|中学|幼儿园|馆$/, "institution"],
  [/^social_organisation$|社会组织|协会|商会|基金会|志愿/, "social_organisation"],
  [/^government_organ$|机关|政府|局$|委员会|办公室|大队/, "government_organ"],
];

const kindOf = (...texts: readonly (string | undefined)[]): OrganisationKind | undefined => {
  for (const text of texts) {
    const found = text === undefined ? undefined : KINDS.find(([pattern]) => pattern.test(text));
    if (found) return found[1];
  }
  return undefined;
};

/** Reads organisations, with or without a place; rows without a name or with a wrong code are skipped into the log. */
export async function readOrganisationDrafts(
  features: AsyncIterable<RawFeature>,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<OrganisationDraft[]> {
  const drafts: OrganisationDraft[] = [];
  for await (const { at, properties } of features) {
    const name = propertyText(properties, fields["name"]);
    if (name === undefined) {
      log.skip("no_name", { at, value: "", message: "an organisation needs a name" });
      continue;
    }
    const creditCode = propertyText(properties, fields["code"])?.toUpperCase() ?? null;
    if (creditCode !== null && !isCreditCode(creditCode)) {
      const message = "not a unified social credit code: 18 characters whose last one checks the others (GB 32100)";
      log.skip("bad_credit_code", { at, value: creditCode, message });
      continue;
    }
    const key = creditCode ?? name;
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: key, message: `${first} is the same organisation` });
      continue;
    }
    seen.set(key, at);
    const kind = kindOf(propertyText(properties, fields["kind"]), name);
    if (kind === undefined)
      log.flag("kind_guessed", `what kind of organisation it is cannot be told, first ${at}; taken as an institution`);
    const level = propertyText(properties, fields["level"]) ?? "";
    drafts.push({
      at,
      name,
      kind: kind ?? "institution",
      creditCode,
      unitLevel: /^(1|一)/.test(level) ? 1 : /^(2|二)/.test(level) ? 2 : null,
      dutyPhone: readWorkPhone(propertyText(properties, fields["phone"]), at, log),
    });
  }
  return drafts;
}
