import proj4 from "proj4";
import type { BothWords, Crs } from "./crs.ts";
import { CGCS2000, epsgCrs, WGS84 } from "./epsg-table.ts";
import { gridCrs, gridZone, zoneByParameters, zoneWords } from "./gauss-kruger.ts";
import { type OffsetName, offsetCrs } from "./offset-systems.ts";
import { projectedCrs } from "./projected.ts";

/** What a name, code, PROJ string or WKT turned out to mean. */
export type Recognised =
  | { readonly crs: Crs }
  /** Known, but only usable with parameters that are not public. */
  | { readonly needsParameters: BothWords };

const PLAIN_NAMES: readonly (readonly [pattern: RegExp, crs: () => Crs])[] = [
  [/^(wgs[-_ ]?(19)?84|(ogc:|urn:ogc:def:crs:ogc:[\d.]*:)?crs[:]?84|.*\/ogc\/1\.3\/crs84)$/i, () => WGS84],
  [/^(cgcs[-_ ]?2000|国家2000|大地2000|china geodetic coordinate system 2000)$/i, () => CGCS2000],
  [/^(web[-_ ]?mercator|google[-_ ]?mercator)$/i, () => offsetless(3857)],
  [/^(gcj[-_ ]?0?2|火星坐标系?|amap|高德|gcj02ll)$/i, () => offsetCrs("GCJ-02")],
  [/^(bd[-_ ]?0?9(ll)?|百度坐标系?|baidu)$/i, () => offsetCrs("BD-09")],
];

const offsetless = (code: number): Crs => epsgCrs(code) ?? WGS84;

const OLD_DATUMS: readonly (readonly [pattern: RegExp, words: BothWords])[] = [
  [/xi['’_ ]?an|西安|iag[-_ ]?(19)?75|new[_ ]?beijing/i, { zh: "西安80", en: "Xi'an 1980" }],
  [/beijing|北京|krass/i, { zh: "北京54", en: "Beijing 1954" }],
];
const OLD_GEOGRAPHIC: Readonly<Record<number, number>> = { 4610: 0, 4214: 1 };

/**
 * Recognises a reference system from what a person or a file says: a common name (`wgs84`, `cgcs2000`, `gcj02`,
 * `bd09`), an EPSG code (`EPSG:4547`, a URN or address of one, the bare number), `GCJ-02+EPSG:3857`, a PROJ string, or
 * WKT 1, WKT 2 or ESRI's .prj.
 *
 * @returns undefined for what we do not know
 */
export function recogniseCrs(text: string): Recognised | undefined {
  const name = text.replace(/^\uFEFF/, "").trim();
  const plain = PLAIN_NAMES.find(([pattern]) => pattern.test(name));
  if (plain) return { crs: plain[1]() };
  const offset = /^(GCJ-?02|BD-?09)\s*\+\s*(.+)$/i.exec(name);
  if (offset) {
    const base = recogniseCrs(offset[2] ?? "");
    const system: OffsetName = /^g/i.test(offset[1] ?? "") ? "GCJ-02" : "BD-09";
    return base && "crs" in base ? { crs: offsetCrs(system, base.crs) } : base;
  }
  const code =
    /^(?:epsg:{1,2}|esri:|urn:(?:ogc|x-ogc):def:crs:epsg:[\d.]*:|https?:\/\/www\.opengis\.net\/def\/crs\/epsg\/[\d.]+\/)?(\d{4,6})$/i.exec(
      name,
    );
  if (code) return byCode(Number(code[1]));
  if (/^\+?(proj|init)=/.test(name)) return byProjString(name);
  return /^[A-Z_]+\s*\[/i.test(name) ? byWkt(name) : byOldName(name);
}

function byCode(code: number): Recognised | undefined {
  const crs = epsgCrs(code);
  if (crs) return { crs };
  const zone = gridZone(code);
  if (zone) return { needsParameters: zoneWords(zone) };
  const old = OLD_DATUMS[OLD_GEOGRAPHIC[code] ?? -1];
  return old && { needsParameters: old[1] };
}

function byProjString(text: string): Recognised | undefined {
  const definition = text.startsWith("+") ? text : `+${text}`;
  // The ellipsoids of the old datums without a shift to WGS 84 would be silently 100 m wrong.
  if (
    /\+ellps=(krass|iau76)|\+a=6378140\b|\+a=6378245\b/.test(definition) &&
    !/\+(towgs84|nadgrids)=/.test(definition)
  ) {
    const [, words] = (/krass|6378245/.test(definition) ? OLD_DATUMS[1] : OLD_DATUMS[0]) ?? [];
    return words && { needsParameters: words };
  }
  return attempt(definition, definition);
}

function attempt(id: string, definition: string, label: BothWords = { zh: id, en: id }): Recognised | undefined {
  try {
    const crs = projectedCrs(id, label, definition);
    return { crs };
  } catch {
    return undefined;
  }
}

function byOldName(name: string): Recognised | undefined {
  const old = OLD_DATUMS.find(([pattern]) => pattern.test(name));
  return old && { needsParameters: old[1] };
}

function byWkt(wkt: string): Recognised | undefined {
  const code = /(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*(?:,[^\]]*)?\]\s*\]\s*$/i.exec(wkt)?.[1];
  const named = code === undefined ? undefined : byCode(Number(code));
  if (named && "crs" in named) return named;
  if (/web_?\s?mercator|pseudo-mercator|auxiliary_sphere/i.test(wkt)) return { crs: offsetless(3857) };
  const shifted = /TOWGS84\s*\[|ABRIDGEDTRANSFORMATION|BOUNDCRS/i.test(wkt);
  const old = OLD_DATUMS.find(([pattern]) => pattern.test(datumOf(wkt)));
  if (old && !shifted)
    return { needsParameters: { zh: `${old[1].zh}（${nameOf(wkt)}）`, en: `${old[1].en} (${nameOf(wkt)})` } };
  if (/^(GEOGCS|GEOGCRS|GEODCRS|GEOGRAPHICCRS|GEODETICCRS)\s*\[/i.test(wkt)) {
    if (/china[_ ]?(geodetic|2000)|cgcs[_ ]?2000/i.test(wkt)) return { crs: CGCS2000 };
    if (/wgs[_ ]?(19)?84|world geodetic system 1984/i.test(wkt)) return { crs: WGS84 };
  }
  return zoneOfWkt(wkt) ?? attempt(nameOf(wkt), wkt, { zh: nameOf(wkt), en: nameOf(wkt) });
}

const nameOf = (wkt: string): string => /\[\s*"([^"]*)"/.exec(wkt)?.[1] ?? "WKT";
/** Names of system, datum and ellipsoid; a place name elsewhere in the text ("Beijing" in a remark) does not count. */
const datumOf = (wkt: string): string =>
  [...wkt.matchAll(/(?:DATUM|ELLIPSOID|SPHEROID|GEOGCS|BASEGEOGCRS|BASEGEODCRS|GEOGCRS)\s*\[\s*"([^"]*)"/gi)]
    .map((match) => match[1])
    .join(" ");

/** A zone of the national grid that a .prj spells out, so that it gets its code and its readable name. */
function zoneOfWkt(wkt: string): Recognised | undefined {
  if (!/china[_ ]?(geodetic|2000)|cgcs[_ ]?2000/i.test(datumOf(wkt))) return undefined;
  try {
    const parsed = new proj4.Proj(wkt) as unknown as Readonly<Record<string, unknown>>;
    const number = (key: string): number => (typeof parsed[key] === "number" ? parsed[key] : 0);
    const isGrid =
      /gauss|transverse|tmerc/i.test(String(parsed["projName"])) &&
      parsed["k0"] === 1 &&
      number("y0") === 0 &&
      number("lat0") === 0 &&
      (parsed["to_meter"] === undefined || parsed["to_meter"] === 1);
    const zone = isGrid ? zoneByParameters((number("long0") * 180) / Math.PI, number("x0")) : undefined;
    return zone && { crs: gridCrs(zone) };
  } catch {
    return undefined;
  }
}
