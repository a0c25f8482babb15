import { POST_KIND_NAMES, type PostKind } from "../model/staff.ts";
import { FREE_TEXT_NAMES, screenFreeText } from "../policy/free-text.ts";
import { readDay } from "./day.ts";
import type { FieldMap, FieldNames } from "./field-map.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";
import { readWorkPhone } from "./work-phone.ts";

/** Fields of duty staff and the names they go by. Published official duty only (domain.md section 5). */
export const STAFF_FIELDS: FieldNames = {
  id: ["id", "staffid", "工号", "编号"],
  name: ["name", "姓名"],
  org: ["org", "organisation", "organization", "unit", "单位", "工作单位", "所属单位", "单位名称"],
  title: ["title", "职务", "岗位名称"],
  kind: ["kind", "post", "postkind", "岗位类型", "岗位", "人员类型", "类别", "身份"],
  area: ["area", "areacode", "grid", "gridcode", "网格编码", "区域编码", "所属网格", "网格", "负责网格", "辖区"],
  slot: ["slot", "ab", "AB岗", "AB角"],
  full: ["full", "fulltime", "专兼职", "专职兼职"],
  phone: ["phone", "workphone", "工作电话", "办公电话", "联系电话", "值班电话"],
  place: ["place", "workplace", "岗位所在地", "办公地点", "工作地点"],
  from: ["from", "since", "任职日期", "上岗日期", "开始日期"],
  to: ["to", "until", "离岗日期", "结束日期"],
};

/** Fields without which a person cannot be placed on duty. */
export const REQUIRED_STAFF_FIELDS = ["name", "area"] as const;

export interface StaffDraft {
  readonly at: string;
  /** What tells the person from others: the number in the source, else name and unit. */
  readonly key: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly title: string;
  readonly kind: PostKind;
  /** Codes or names of the areas served, as the file has them. */
  readonly areas: readonly string[];
  /** Null: the file tells no A and B; each person holds a post of their own. */
  readonly slot: "A" | "B" | null;
  readonly workPhone: string | null;
  /** Address of the post, an office; null: that of the area. */
  readonly place: string | null;
  /** yyyy-mm-dd; null = not said, and open. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Columns that say what is nobody's business here: never read, and said by name. */
const PRIVATE_COLUMN =
  /身份证|证件|住址|家庭|地址|出生|生日|年龄|民族|籍贯|婚|政治面貌|学历|健康|微信|银行|工资|idcard|idno|identity|address|birth|home|family|salary|wechat/i;

const KINDS: readonly (readonly [RegExp, PostKind])[] = [
  [/^grid_leader$|网格长/, "grid_leader"],
  [/^auxiliary$|辅警/, "auxiliary"],
  [/^judge$|法官/, "judge"],
  [/^prosecutor$|检察官/, "prosecutor"],
  [/^police_officer$|警官/, "police_officer"],
  [/^police$|民警/, "police"],
  [/^legal_worker$|法律|律师/, "legal_worker"],
  [/^mediator$|调解/, "mediator"],
  [/^contracted_leader$|包联|包抓|联系领导/, "contracted_leader"],
  [/^community_worker$|社区工作者|社工/, "community_worker"],
  [/^part_time$|兼职/, "part_time"],
  [/^full_time$|专职|网格员/, "full_time"],
];

/** Reads duty staff. A row is one person on one kind of post; rows of one person over several areas may repeat. */
export async function readStaffDrafts(
  features: AsyncIterable<RawFeature>,
  fields: FieldMap,
  log: ImportLog,
  dropped: Set<string>,
): Promise<StaffDraft[]> {
  const drafts: StaffDraft[] = [];
  const mapped = new Set(Object.values(fields));
  for await (const { at, properties } of features) {
    for (const column of Object.keys(properties))
      if (!mapped.has(column) && PRIVATE_COLUMN.test(column)) dropped.add(column);
    const draft = staffDraft(at, properties, fields, log);
    if (draft) drafts.push(draft);
  }
  return drafts;
}

/** Says which columns were left where they are. */
export function sayDropped(dropped: ReadonlySet<string>, log: ImportLog): void {
  if (dropped.size > 0)
    log.flag(
      "private_columns_dropped",
      `columns about people's private affairs were not read: ${[...dropped].join(", ")}`,
      dropped.size,
    );
}

function staffDraft(
  at: string,
  properties: Readonly<Record<string, unknown>>,
  fields: FieldMap,
  log: ImportLog,
): StaffDraft | undefined {
  const text = (field: string): string | undefined => propertyText(properties, fields[field]);
  const skip = (reason: string, value: string, message: string): undefined => {
    log.skip(reason, { at, value, message });
    return undefined;
  };
  const name = text("name");
  if (name === undefined) return skip("no_name", "", "a member of staff needs a name");
  const areas = (text("area") ?? "").split(/[;；、,，\s]+/).filter((word) => word !== "");
  if (areas.length === 0) return skip("no_area", "", "it names no area that the person serves");
  for (const field of ["name", "org", "title", "place"] as const) {
    const found = screenFreeText(text(field) ?? "")[0];
    // A room's telephone in a title is as wrong as an identity number in a name.
    if (found) return skip("private_text", text(field) ?? "", `${field} holds ${FREE_TEXT_NAMES[found.kind].en}`);
  }
  const words = text("kind") ?? text("title") ?? "";
  const kind = KINDS.find(([pattern]) => pattern.test(words))?.[1];
  if (kind === undefined && text("kind") !== undefined)
    return skip("unknown_post", words, "it is none of the posts that there are");
  const partTime = /兼|part|^(0|false|否)$/i.test(text("full") ?? "");
  const given = kind ?? "full_time";
  const slot = text("slot")?.toUpperCase().match(/[AB]/)?.[0];
  const organisation = text("org") ?? null;
  const post = given === "full_time" && partTime ? "part_time" : given;
  return {
    at,
    key: text("id") ?? `${name}/${organisation ?? ""}`,
    name,
    organisation,
    title: text("title") ?? POST_KIND_NAMES[post],
    kind: post,
    areas,
    slot: slot === "A" || slot === "B" ? slot : null,
    workPhone: readWorkPhone(text("phone"), at, log),
    place: text("place") ?? null,
    from: readDay(properties, fields["from"], at, log),
    to: readDay(properties, fields["to"], at, log),
  };
}
