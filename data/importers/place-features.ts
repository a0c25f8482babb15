import type { LonLat } from "../model/geometry.ts";
import { type BoardState, type GaugeKind, STATION_KINDS, type StationKind } from "../model/places.ts";

import { readDay } from "./day.ts";
import type { FieldMap, FieldNames } from "./field-map.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";
import { placeKey, pointOf } from "./stand-in.ts";
import { readWorkPhone } from "./work-phone.ts";

const ID = ["id", "code", "编码", "编号", "站点编码", "站码", "测站编码", "fid", "objectid"];
const NAME = ["name", "namezh", "名称", "站名", "站点名称", "测站名称", "mc"];

/** Fields of places that are points and the names they go by. */
export const PLACE_FIELDS = {
  stations: {
    id: ID,
    name: NAME,
    kind: ["kind", "type", "类别", "类型", "站点类型"],
    hours: ["hours", "openinghours", "开放时间", "服务时间"],
    phone: ["phone", "dutyphone", "telephone", "值班电话", "服务电话", "联系电话"],
  },
  gauges: {
    id: ID,
    name: NAME,
    kind: ["kind", "type", "站类", "类别", "类型", "监测类型"],
    warning: ["warning", "warnlevel", "warnlevelm", "警戒水位", "警戒水位m"],
  },
  boards: {
    id: ID,
    name: NAME,
    grid: ["grid", "gridcode", "area", "网格编码", "所属网格", "网格", "网格名称"],
    state: ["state", "status", "状态", "完好情况"],
    printed: ["printed", "printedon", "制作日期", "更新日期", "上墙日期"],
  },
} as const satisfies Readonly<Record<string, FieldNames>>;

export type PlaceKind = keyof typeof PLACE_FIELDS;

interface PlaceDraft {
  /** Where it stands in the file. */
  readonly at: string;
  /** What tells it from others of its kind on the next import. */
  readonly key: string;
  readonly sourceRef: string | null;
  readonly point: LonLat;
  readonly name: string;
}

export interface StationDraft extends PlaceDraft {
  readonly kind: StationKind;
  readonly hours: string | null;
  readonly dutyPhone: string | null;
}

export interface GaugeDraft extends PlaceDraft {
  readonly kind: GaugeKind;
  readonly warnLevelM: number | null;
}

export interface BoardDraft extends PlaceDraft {
  /** Code or name of the grid that it tells of, as the file has it; null: where it stands. */
  readonly grid: string | null;
  readonly state: BoardState;
  /** yyyy-mm-dd. */
  readonly printedOn: string | null;
}

/** Drafts by kind. */
export interface PlaceDrafts {
  readonly stations: StationDraft;
  readonly gauges: GaugeDraft;
  readonly boards: BoardDraft;
}

/** Kinds of stations (domain.md 2.6) by the words that name them. */
const STATION_WORDS: readonly (readonly [RegExp, StationKind])[] = [
  [/综治/, "governance_centre"],
  [/警务/, "police_room"],
  [/暖蜂|骑手/, "rest_stop"],
  [/零工/, "casual_work"],
  [/红帆|企业/, "enterprise_post"],
  [/邻里中心/, "neighbour_centre"],
  [/议事/, "council_hall"],
  [/食堂/, "canteen"],
  [/驿站/, "party_post"],
  [/党群|服务中心/, "party_service"],
];

const STATE_WORDS: readonly (readonly [RegExp, BoardState])[] = [
  [/完好|正常|good|ok/i, "good"],
  [/破损|损坏|褪色|damaged/i, "damaged"],
  [/丢失|缺失|missing/i, "missing"],
];

const wordOf = <Word>(words: readonly (readonly [RegExp, Word])[], text: string): Word | undefined =>
  words.find(([pattern]) => pattern.test(text))?.[1];

/** Our own word as an export has it, else what the words of the column and then of the name tell. */
const stationKind = (word: string, name: string): StationKind =>
  STATION_KINDS.find((kind) => kind === word) ?? wordOf(STATION_WORDS, word) ?? wordOf(STATION_WORDS, name) ?? "other";

type Reader<Kind extends PlaceKind> = (
  place: PlaceDraft,
  properties: Readonly<Record<string, unknown>>,
  fields: FieldMap,
  log: ImportLog,
) => PlaceDrafts[Kind];

const READERS: { readonly [Kind in PlaceKind]: Reader<Kind> } = {
  stations: (place, properties, fields, log) => ({
    ...place,
    kind: stationKind(propertyText(properties, fields["kind"]) ?? "", place.name),
    hours: propertyText(properties, fields["hours"]) ?? null,
    dutyPhone: readWorkPhone(propertyText(properties, fields["phone"]), place.at, log),
  }),
  gauges: (place, properties, fields) => {
    const text = propertyText(properties, fields["warning"]);
    const level = text === undefined ? Number.NaN : Number(text);
    const word = propertyText(properties, fields["kind"]) ?? "";
    const water = word !== "rain" && /水位|河道|water|level|ZZ/i.test(`${word} ${place.name}`);
    return {
      ...place,
      kind: water ? "water_level" : "rain",
      warnLevelM: water && Number.isFinite(level) ? level : null,
    };
  },
  boards: (place, properties, fields, log) => ({
    ...place,
    grid: propertyText(properties, fields["grid"]) ?? null,
    state: wordOf(STATE_WORDS, propertyText(properties, fields["state"]) ?? "") ?? "unknown",
    printedOn: readDay(properties, fields["printed"], place.at, log),
  }),
};

/** Reads places of a kind; what is no point, or has no name where one is needed, is skipped into the log. */
export async function readPlaceDrafts<Kind extends PlaceKind>(
  features: AsyncIterable<RawFeature>,
  kind: Kind,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<PlaceDrafts[Kind][]> {
  const drafts: PlaceDrafts[Kind][] = [];
  for await (const { at, id, properties, geometry } of features) {
    const point = pointOf(geometry);
    if (!point) {
      const message = `${kind} are points: a Point, or columns of longitude and latitude`;
      log.skip("not_point", { at, value: geometry?.type ?? "null", message });
      continue;
    }
    const name = propertyText(properties, fields["name"]) ?? (kind === "boards" ? "网格公示牌" : undefined);
    if (name === undefined) {
      log.skip("no_name", { at, value: "", message: "it has no name" });
      continue;
    }
    const sourceRef = propertyText(properties, fields["id"]) ?? id ?? null;
    const key = sourceRef ?? placeKey(name, point);
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: key, message: `${first} has the same id` });
      continue;
    }
    seen.set(key, at);
    drafts.push(READERS[kind]({ at, key, sourceRef, point, name }, properties, fields, log));
  }
  return drafts;
}
