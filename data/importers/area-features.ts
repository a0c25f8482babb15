import { labelPoint } from "../geo/label-point.ts";
import type { HouseholdCount } from "../households/count.ts";
import { readHouseholdCount } from "../households/count.ts";
import { type AreaKind, KINDS_OF_LEVEL } from "../model/area.ts";
import type { AreaLevel } from "../model/codes.ts";
import { countyOfCode, levelOfCode, withoutFill } from "../model/codes.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { nameSort } from "../model/name-sort.ts";
import type { FieldMap } from "./field-map.ts";
import { isFault, repairPolygon } from "./polygon-rings.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";

/** An area as read from one feature, before it has a parent. */
export interface AreaDraft {
  /** `file#feature`. */
  readonly at: string;
  readonly number: number;
  readonly name: string;
  readonly nameSort: string;
  /** Null: not known. */
  readonly count: HouseholdCount | null;
  /** Kind within its level, and whether it is town or country, where the file says so in our own words. */
  readonly kind?: AreaKind | undefined;
  readonly urban?: boolean | undefined;
  readonly geometry: MultiPolygonRings;
  readonly label: LonLat;
  /** Its code in the file; undefined when it has none. */
  readonly sourceRef: string | undefined;
  /** The file's code where it is one of ours, of this level and county. */
  readonly ownCode: string | undefined;
  /** Value of the mapped `parent` property. */
  readonly parentValue: string | undefined;
}

const POPULATION = /pop|人口|persons?|inhabitants/i;

/**
 * Reads the areas of a layer. Features that cannot be areas are skipped into the log with their number.
 *
 * @param fields resolved property names for code, name, parent, households
 * @param seen codes read so far and where, shared by the files of one import
 */
export async function readAreaDrafts(
  features: AsyncIterable<RawFeature>,
  level: AreaLevel,
  county: string,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string> = new Map(),
): Promise<AreaDraft[]> {
  const drafts: AreaDraft[] = [];
  let population = 0;
  for await (const feature of features) {
    const { at } = feature;
    const repaired = repairPolygon(feature.geometry);
    if (isFault(repaired)) {
      log.skip(repaired.reason, { at, value: repaired.value, message: repaired.message });
      continue;
    }
    const given = propertyText(feature.properties, fields["code"]) ?? feature.id;
    const code = given === undefined ? undefined : withoutFill(given);
    const first = code === undefined ? undefined : seen.get(code);
    if (code !== undefined && first !== undefined) {
      log.skip("duplicate_code", { at, value: code, message: `${first} has the same code` });
      continue;
    }
    const fault = codeFault(code, level, county);
    if (code !== undefined && fault) {
      log.skip("code_of_other_place", { at, value: code, message: fault });
      continue;
    }
    if (code !== undefined) seen.set(code, at);
    if (repaired.closed)
      log.flag("ring_closed", "rings that did not end where they began were closed", repaired.closed);
    if (repaired.turned)
      log.flag(
        "ring_turned",
        "rings were turned to the order of RFC 7946 (exterior counter-clockwise)",
        repaired.turned,
      );
    if (repaired.dropped)
      log.flag("ring_dropped", "rings without extent on the 1e-7 degree lattice were left out", repaired.dropped);
    const count = readCount(feature, fields, at, log);
    if (count !== null) population++;
    const name = propertyText(feature.properties, fields["name"]) ?? fallbackName(code, fields["code"], feature.number);
    drafts.push({
      at,
      number: feature.number,
      name,
      nameSort: nameSort(name),
      count,
      geometry: repaired.geometry,
      label: labelPoint(repaired.geometry),
      ...(isOwnCode(code, level, county)
        ? // A file with our own codes may say beside them what the source called each area.
          { ownCode: code, sourceRef: propertyText(feature.properties, fields["sourceRef"]) ?? given }
        : { ownCode: undefined, sourceRef: given }),
      ...readKind(feature.properties, fields, level),
      parentValue: propertyText(feature.properties, fields["parent"]),
    });
  }
  const column = fields["households"];
  if (column !== undefined && POPULATION.test(column) && population > 0) {
    log.flag(
      "population_as_households",
      `population taken as households: "${column}" counts people, not homes`,
      population,
    );
  }
  return drafts;
}

function readKind(
  properties: RawFeature["properties"],
  fields: FieldMap,
  level: AreaLevel,
): Pick<AreaDraft, "kind" | "urban"> {
  const text = propertyText(properties, fields["kind"]);
  const urban = fields["urban"] === undefined ? undefined : properties[fields["urban"]];
  const yes = urban === true || urban === 1 || /^(true|1)$/i.test(String(urban));
  const no = urban === false || urban === 0 || /^(false|0)$/i.test(String(urban));
  return { kind: KINDS_OF_LEVEL[level].find((one) => one === text), urban: yes ? true : no ? false : undefined };
}

/** A code in our own format must be of the county and level asked for; any other text is a source code of its own. */
function codeFault(code: string | undefined, level: AreaLevel, county: string): string | undefined {
  // Short numbers (a ward "1", a 6-digit id) may look like a county or town code by chance: only deep codes are judged.
  if (code === undefined || code.length < 12 || !levelOfCode(code)) return undefined;
  if (countyOfCode(code) !== county) return `the code lies in county ${countyOfCode(code)}, not in ${county}`;
  if (levelOfCode(code) !== level) return `the code is of level ${levelOfCode(code)}, not ${level}`;
  return undefined;
}

function readCount(feature: RawFeature, fields: FieldMap, at: string, log: ImportLog): HouseholdCount | null {
  const column = fields["households"];
  if (column === undefined) return null;
  const count = readHouseholdCount(feature.properties, fields, at, log);
  if (count) return POPULATION.test(column) ? { ...count, exact: false } : count;
  log.flag("households_missing", `no usable number in "${column}", first at ${at}; left unknown`);
  return null;
}

/** `Ward 1` for `WARD: 1`: a bare number says nothing on a map. */
function fallbackName(code: string | undefined, column: string | undefined, number: number): string {
  if (code === undefined) return `#${number}`;
  if (column === undefined || !/^\d+$/.test(code)) return code;
  const words = column
    .replace(/[_\-.]+/g, " ")
    .trim()
    .toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${code}`;
}

const isOwnCode = (code: string | undefined, level: AreaLevel, county: string): code is string =>
  code !== undefined && levelOfCode(code) === level && countyOfCode(code) === county;
