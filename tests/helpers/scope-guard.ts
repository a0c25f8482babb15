import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";
import { POINT_FIELDS } from "../../data/importers/field-map.ts";
import { KIND_FIELDS } from "../../data/importers/kind-fields.ts";
import { IMPORTERS, type ImportKind } from "../../data/importers/registry.ts";
import type { Database } from "../../db/driver.ts";
import en from "../../web/i18n/en.json" with { type: "json" };
import zh from "../../web/i18n/zh-CN.json" with { type: "json" };

/**
 * What this system must have no place for (domain.md section 5): who lives where, faces, plates, devices that follow a
 * person, pictures of cameras, tracks of people and vehicles, and how a camera's network is reached.
 */
export const FORBIDDEN = {
  "residents' identity": {
    // Words of a name, in lower case and with one space between: camelCase and snake_case are taken apart before.
    en: /\b(residents?|citizens?|persons?|people|tenant names?|owner names?|id ?cards?|identity (no|number|card|document)s?|ssn|passports?|national id|birth ?(day|date|place)?|dob|genders?|sex|ages?|ethnic(ity)?|marital|religions?|hukou|household (register|head|members?)|spouses?|family|education|blood|disabilit(y|ies)|incomes?|full ?names?|first ?names?|last ?names?|surnames?|phones?|mobiles?|cell ?phones?|tel(ephone)?s?|e ?mails?|we ?chat|qq|contacts?|(home|postal|street) address(es)?|reporters?)\b/,
    zh: /身份|证件|居民|住户(姓名|信息)|姓名|性别|民族|出生|生日|年龄|籍贯|户籍|户口|户主|家庭成员|婚姻|配偶|宗教|学历|血型|残疾|收入|手机|电话|联系|微信|邮箱|住址|门牌|报案人|上报人|举报人/,
  },
  faces: {
    en: /\b(faces?|facial|photos?|pictures?|portraits?|avatars?|biometrics?|fingerprints?|iris|voice ?prints?|snapshots?|images?)\b/,
    zh: /人脸|面部|人像|照片|相片|图片|肖像|头像|指纹|虹膜|声纹|抓拍/,
  },
  plates: {
    en: /\b((license |number |car )?plates?|license no|vehicles?|cars?|vin)\b/,
    zh: /车牌|号牌|车辆|车架/,
  },
  "devices that follow a person": {
    en: /\b(imei|imsi|iccid|meid|msisdn|mac|bssid|ssid|devices?|serial (no|number)s?|android id|idfa|open ?id|union ?id|bluetooth)\b/,
    zh: /串号|设备|终端号|蓝牙|网卡|(?<![A-Za-z])MAC(?![A-Za-z])/,
  },
  streams: {
    en: /\b(streams?|rtsp|rtmp|hls|flv|webrtc|videos?|playbacks?|recordings?|sip|onvif|channel ids?|live url|ptz)\b/,
    zh: /视频|码流|推流|拉流|直播|回放|录像|通道号/,
  },
  tracks: {
    en: /\b(tracks?|tracking|trajector(y|ies)|last (seen|position|place)|position history|location history|whereabouts|gps|heading|speed|waypoints?)\b/,
    zh: /轨迹|行踪|踪迹|定位|行程|足迹/,
  },
  "how a network is reached": {
    en: /\b(ip|ips|ip ?addresses|ip ?address|address(es)?|ports?|hosts?|passwords?|passwd|credentials?|secrets?|user ?names?|logins?|urls?|netmask|gateway)\b/,
    zh: /(?<![A-Za-z])IP(?![A-Za-z])|端口|密码|口令|网址|网关|用户名/,
  },
} as const;
export type ForbiddenKind = keyof typeof FORBIDDEN;

/** A name in lower case, its words apart: `deviceCode` and `device_code` give "device code". */
const words = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();

/** What a name could hold that it must not; empty when nothing. */
export function forbiddenKinds(name: string): ForbiddenKind[] {
  const plain = words(name);
  return (Object.keys(FORBIDDEN) as ForbiddenKind[]).filter(
    (kind) => FORBIDDEN[kind].en.test(plain) || FORBIDDEN[kind].zh.test(name),
  );
}

/** A name that could hold something, and where it stands. */
export interface Place {
  /** `table post`, `column post.kind`, `field Area.name`, `argument Query.area.code`, `import incidents.id`, `form file.tsx name`. */
  readonly place: string;
  /** The names to judge, e.g. of a column of an import its aliases too. */
  readonly names: readonly string[];
}

/** Every table of ours and its columns. */
export async function columnPlaces(database: Database): Promise<Place[]> {
  const { rows } = await database.adminSession((client) =>
    client.query(
      `SELECT t.relname AS table, a.attname AS column FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
       WHERE t.relkind IN ('r', 'p', 'v', 'm') AND NOT t.relispartition AND t.relnamespace = 'public'::regnamespace
       AND a.attnum > 0 AND NOT a.attisdropped
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e') ORDER BY 1, 2`,
    ),
  );
  const tables = [...new Set(rows.map(({ table }) => String(table)))];
  return [
    ...tables.map((table) => ({ place: `table ${table}`, names: [table] })),
    ...rows.map(({ table, column }) => ({ place: `column ${table}.${column}`, names: [String(column)] })),
  ];
}

/** Types, fields, arguments, inputs and enum values of the SDL. */
export function schemaPlaces(schema: GraphQLSchema): Place[] {
  const places: Place[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    places.push({ place: `type ${type.name}`, names: [type.name] });
    if (isEnumType(type)) {
      for (const value of type.getValues())
        places.push({ place: `value ${type.name}.${value.name}`, names: [value.name] });
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        places.push({ place: `field ${type.name}.${field.name}`, names: [field.name] });
        for (const argument of field.args)
          places.push({ place: `argument ${type.name}.${field.name}.${argument.name}`, names: [argument.name] });
      }
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        places.push({ place: `input ${type.name}.${field.name}`, names: [field.name] });
    }
  }
  return places;
}

/** Fields that an import may be mapped to, with every column name that is guessed for them. */
export function importPlaces(): Place[] {
  return Object.entries(IMPORTERS).flatMap(([kind, { fields }]) =>
    fields.map((field) => {
      const aliases = { ...POINT_FIELDS, ...KIND_FIELDS[kind as ImportKind].names }[field];
      if (!aliases) throw new Error(`The scope guard does not know the columns of ${kind}.${field}`);
      return { place: `import ${kind}.${field}`, names: [field, ...aliases] };
    }),
  );
}

const WEB = fileURLToPath(new URL("../../web/", import.meta.url));
const CONTROL = /<(?:input|select|textarea|[A-Z]\w*)\b/g;
const texts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { en, zh };

/** Both languages' words of a key of the interface's texts; the key itself where it is put together at run time. */
function textsOf(key: string): string[] {
  return Object.values(texts).map((file) => {
    const nested = key
      .split(".")
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], file);
    const found = file[key] ?? nested;
    return typeof found === "string" ? found : key;
  });
}

const keysIn = (code: string): string[] =>
  [...code.matchAll(/\bt\(\s*["'`]([\w.$-]+)["'`]/g)].map(([, key]) => key ?? "");

/** Fields of forms in a file of the client: names of the controls, and the texts that label them, in both languages. */
export function formPlacesOf(file: string, code: string): Place[] {
  const places: Place[] = [];
  for (const match of code.matchAll(CONTROL)) {
    // Up to the next tag: attributes of this one only, arrow functions within them included.
    const attributes = code.slice(match.index + 1).split(/<\/?[A-Za-z]/)[0] ?? "";
    const name = /\bname=(?:"([^"]+)"|\{["']([^"']+)["']\})/.exec(attributes)?.slice(1).find(Boolean);
    if (name) places.push({ place: `form ${file} ${name}`, names: [name] });
    for (const attribute of attributes.matchAll(
      /\b(?:label|placeholder|aria-label|title|autoComplete)=(?:"([^"]*)"|\{([^}]*)\})/g,
    ))
      for (const key of attribute[2] ? keysIn(attribute[2]) : [])
        if (/^(?:input|select|textarea)|Field|Choice|Input/.test(match[0].slice(1)))
          places.push({ place: `form ${file} ${key}`, names: textsOf(key) });
  }
  for (const label of code.matchAll(/<label\b[\s\S]*?<\/label>/g))
    for (const key of keysIn(label[0])) places.push({ place: `form ${file} ${key}`, names: textsOf(key) });
  return places;
}

/** Fields of every form of the client. */
export function formPlaces(): Place[] {
  const files = readdirSync(WEB, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  return files
    .sort()
    .flatMap((file) => formPlacesOf(file.replaceAll("\\", "/"), readFileSync(join(WEB, file), "utf8")));
}

/** A place that could hold what it must not. */
export interface Breach {
  readonly place: string;
  readonly kinds: readonly ForbiddenKind[];
}

/** Every place whose names could hold something forbidden. */
export const breachesOf = (places: readonly Place[]): Breach[] => {
  const found = new Map<string, Set<ForbiddenKind>>();
  for (const { place, names } of places)
    for (const kind of names.flatMap(forbiddenKinds)) found.set(place, (found.get(place) ?? new Set()).add(kind));
  return [...found].map(([place, kinds]) => ({ place, kinds: [...kinds] }));
};
