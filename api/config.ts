import { isIP } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { BASE_MAP_CRS, type BaseMapCrs } from "../data/basemap/base-map.ts";
import { userError } from "../data/model/errors.ts";
import { isLoopbackHost } from "./auth/connection.ts";

const text = z.string().trim().min(1, "is empty");
const url = (...protocols: string[]) =>
  text.refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `is not a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

/** Ten million cases take some 400 MB (40 bytes each); half as much again for what is made while they are read. */
const DEFAULT_HOT_MEMORY_MB = 600;

/** A county's case records of some years as CSV, or its buildings as shapefile; more comes by the command line. */
const DEFAULT_UPLOAD_MB = 2048;

/** A week of days, and somebody who comes back from a week away. */
const DEFAULT_BACKUPS_KEPT = 14;

/** Environment variables that Jingwei reads; every other name under `OIDC_`, `BASEMAP_` and `BACKUP_` is refused as a typo. */
const VARIABLES = {
  /** PostgreSQL with PostGIS; absent = the embedded database. */
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  /** Login that owns the schema, where DATABASE_URL is one that owns nothing (docs/need-to-know.md); absent = DATABASE_URL. */
  DATABASE_OWNER_URL: url("postgres:", "postgresql:").optional(),
  /** Folder of the embedded database and of everything else that is kept. */
  JINGWEI_DIR: text.default(".jingwei"),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "is not a port number")
    .transform(Number)
    .refine((port) => port <= 65_535, { message: "is not a port number" })
    .default(8080),
  HOST: text.default("127.0.0.1"),
  /** Files of a certificate (with those that lead to its authority) and of its key, both PEM; absent = our own beyond loopback. */
  TLS_CERT: text.optional(),
  TLS_KEY: text.optional(),
  /** Whose X-Forwarded-* headers are believed: a number of proxies, or their addresses. */
  TRUST_PROXY: text.optional(),
  /** `production` = introspection off, sessions send trusted documents only. */
  NODE_ENV: text.optional(),
  /** Seals contacts: 32 bytes in base64; absent = `seal.key` in JINGWEI_DIR, made at the first start. */
  SEAL_KEY: text.optional(),
  /** Event bus beyond the process; absent = in the process. */
  BUS_URL: url("nats:", "tls:").optional(),
  /** Key that audit rows are signed with, 32 bytes in base64; absent = `<JINGWEI_DIR>/audit/key`, made at the first start. */
  AUDIT_KEY: text
    .refine((value) => Buffer.from(value, "base64").length === 32, { message: "is not 32 bytes in base64" })
    .optional(),
  /** Memory for the cases that the server holds beside the database, MB over all counties; 0 = none. */
  HOT_MEMORY_MB: z
    .string()
    .regex(/^\d{1,6}$/, "is not a number of megabytes")
    .transform(Number)
    .default(DEFAULT_HOT_MEMORY_MB),
  /** Counties whose cases this process holds in memory, with commas; absent = all of them. */
  JINGWEI_HOT_COUNTIES: text
    .transform((list) => list.split(",").map((code) => code.trim()))
    .refine((codes) => codes.every((code) => /^\d{6}$/.test(code)), {
      message: "is not a list of six-digit county codes",
    })
    .optional(),
  /** Most that the files of one upload of the import wizard may hold together, MB. */
  IMPORT_UPLOAD_MB: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, "is not a number of megabytes")
    .transform(Number)
    .default(DEFAULT_UPLOAD_MB),
  /** Hours between two backups that the server writes by itself; 0 = it writes none. */
  BACKUP_EVERY_HOURS: z
    .string()
    .regex(/^\d{1,3}$/, "is not a number of hours from 0 to 999")
    .transform(Number)
    .default(0),
  /** How many of them stay. */
  BACKUP_KEEP: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, "is not a number from 1 to 999")
    .transform(Number)
    .default(DEFAULT_BACKUPS_KEPT),
  /** Folder that they go to; absent = `<JINGWEI_DIR>/backups`. Another disk is better. */
  BACKUP_DIR: text.optional(),
  OIDC_ISSUER: url("https:", "http:").optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  /** Base map of every county that has none of its own: a PMTiles file or GeoTIFF, or a tile service of the intranet. */
  BASEMAP_FILE: text.optional(),
  BASEMAP_URL: text.optional(),
  /** Who made it, and its 审图号: drawn on every map that shows it. */
  BASEMAP_SOURCE: text.optional(),
  BASEMAP_REVIEW_NUMBER: text.optional(),
  /** Of a service: reference system; layer and matrix set of a WMTS. */
  BASEMAP_CRS: z.enum(BASE_MAP_CRS, { error: `is none of ${BASE_MAP_CRS.join(", ")}` }).optional(),
  BASEMAP_LAYER: text.optional(),
  BASEMAP_MATRIX_SET: text.optional(),
  /** 审图号 shown on every map. */
  MAP_REVIEW_NUMBER: text.optional(),
} as const;

const together = (...values: readonly unknown[]): boolean =>
  values.every((value) => value === undefined) || values.every((value) => value !== undefined);

const schema = z
  .object(VARIABLES)
  .refine((values) => together(values.OIDC_ISSUER, values.OIDC_CLIENT_ID, values.OIDC_CLIENT_SECRET), {
    path: ["OIDC_ISSUER"],
    message: "must be set together with OIDC_CLIENT_ID and OIDC_CLIENT_SECRET",
  })
  .refine(({ OIDC_ISSUER: issuer }) => !issuer?.startsWith("http:") || isLoopbackHost(new URL(issuer).hostname), {
    path: ["OIDC_ISSUER"],
    message: "must be https: passwords and tokens cross the network (http is for a provider on this machine)",
  })
  .refine((values) => values.BASEMAP_FILE === undefined || values.BASEMAP_URL === undefined, {
    path: ["BASEMAP_URL"],
    message: "and BASEMAP_FILE are both set; there is one base map",
  })
  .refine((values) => together(values.BASEMAP_FILE ?? values.BASEMAP_URL, values.BASEMAP_SOURCE), {
    path: ["BASEMAP_SOURCE"],
    message: "(who made the map) must be set together with BASEMAP_FILE or BASEMAP_URL",
  })
  .refine((values) => together(values.BASEMAP_FILE ?? values.BASEMAP_URL, values.BASEMAP_REVIEW_NUMBER), {
    path: ["BASEMAP_REVIEW_NUMBER"],
    message: "(审图号) must be set together with BASEMAP_FILE or BASEMAP_URL",
  })
  .refine(
    (values) =>
      values.BASEMAP_URL !== undefined ||
      (values.BASEMAP_CRS ?? values.BASEMAP_LAYER ?? values.BASEMAP_MATRIX_SET) === undefined,
    { path: ["BASEMAP_URL"], message: "must be set for BASEMAP_CRS, BASEMAP_LAYER and BASEMAP_MATRIX_SET" },
  )
  .refine((values) => together(values.TLS_CERT, values.TLS_KEY), {
    path: ["TLS_CERT"],
    message: "must be set together with TLS_KEY",
  })
  .refine(({ TRUST_PROXY: proxies }) => proxies === undefined || trustedProxies(proxies) !== undefined, {
    path: ["TRUST_PROXY"],
    message: "is neither a number of proxies from 1 to 9 nor a list of IP addresses or ranges",
  });

/** `1` = the last hop; otherwise addresses or ranges such as `10.0.0.0/8`, with commas; undefined when it is neither. */
function trustedProxies(proxies: string): number | readonly string[] | undefined {
  if (/^[1-9]$/.test(proxies)) return Number(proxies);
  const list = proxies.split(",").map((one) => one.trim());
  const isRange = (one: string): boolean => {
    const [address = "", bits, ...more] = one.split("/");
    const version = isIP(address);
    if (version === 0 || more.length > 0) return false;
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  };
  return list.every(isRange) ? list : undefined;
}

/** What the environment says of a base map; one of `file` and `url` is there. */
export interface EnvironmentMapConfig {
  readonly file?: string | undefined;
  readonly url?: string | undefined;
  readonly source: string;
  /** 审图号. */
  readonly reviewNumber: string;
  readonly crs?: BaseMapCrs | undefined;
  readonly layer?: string | undefined;
  readonly matrixSet?: string | undefined;
}

/** The checked environment. */
export interface Config {
  readonly databaseUrl?: string | undefined;
  readonly databaseOwnerUrl?: string | undefined;
  readonly dir: string;
  readonly port: number;
  readonly host: string;
  readonly sealKey?: string | undefined;
  readonly busUrl?: string | undefined;
  /** PEM files of a supplied certificate. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Proxies whose word on the client's address and protocol is taken: how many hops, or which addresses. */
  readonly trustProxy?: number | readonly string[] | undefined;
  /** Introspection is off, and sessions send trusted documents only. */
  readonly production: boolean;
  readonly oidc?: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | undefined;
  /** Base map of counties that have none of their own: a file or a service. */
  readonly basemap?: EnvironmentMapConfig | undefined;
  readonly mapReviewNumber?: string | undefined;
  /** Cases held in memory beside the database: bytes over all counties (0 = none), and which counties (absent = all). */
  readonly hot: { readonly bytes: number; readonly counties?: readonly string[] | undefined };
  /** Files that the import wizard takes: most bytes of one upload. */
  readonly imports: { readonly uploadBytes: number };
  /** Backups that the server writes by itself; undefined = none. */
  readonly backups?: { readonly everyHours: number; readonly keep: number; readonly folder: string } | undefined;
}

/**
 * Reads the environment. An empty variable counts as absent.
 *
 * @throws AppError USER that names each variable at fault
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string> = {};
  const known = Object.keys(VARIABLES);
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value.trim() === "") continue;
    if (known.includes(name)) given[name] = value;
    else if (/^(OIDC|BASEMAP|BACKUP)_/.test(name))
      throw userError(`${name} is not a setting of Jingwei`, {
        at: name,
        hint: `Settings that start so: ${known.filter((other) => other.split("_")[0] === name.split("_")[0]).join(", ")}.`,
      });
  }
  const result = schema.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw userError(faults.join("; "), {
      at: String(result.error.issues[0]?.path[0] ?? "environment"),
      hint: "Correct the environment variable, or unset it to use its default.",
    });
  }
  const values = result.data;
  return {
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    dir: values.JINGWEI_DIR,
    port: values.PORT,
    host: values.HOST,
    sealKey: values.SEAL_KEY,
    busUrl: values.BUS_URL,
    tls: values.TLS_CERT && values.TLS_KEY ? { cert: values.TLS_CERT, key: values.TLS_KEY } : undefined,
    trustProxy: values.TRUST_PROXY === undefined ? undefined : trustedProxies(values.TRUST_PROXY),
    production: values.NODE_ENV === "production",
    oidc:
      values.OIDC_ISSUER && values.OIDC_CLIENT_ID && values.OIDC_CLIENT_SECRET
        ? { issuer: values.OIDC_ISSUER, clientId: values.OIDC_CLIENT_ID, clientSecret: values.OIDC_CLIENT_SECRET }
        : undefined,
    basemap:
      values.BASEMAP_SOURCE && values.BASEMAP_REVIEW_NUMBER
        ? {
            file: values.BASEMAP_FILE,
            url: values.BASEMAP_URL,
            source: values.BASEMAP_SOURCE,
            reviewNumber: values.BASEMAP_REVIEW_NUMBER,
            crs: values.BASEMAP_CRS,
            layer: values.BASEMAP_LAYER,
            matrixSet: values.BASEMAP_MATRIX_SET,
          }
        : undefined,
    mapReviewNumber: values.MAP_REVIEW_NUMBER,
    hot: { bytes: values.HOT_MEMORY_MB * 1024 * 1024, counties: values.JINGWEI_HOT_COUNTIES },
    imports: { uploadBytes: values.IMPORT_UPLOAD_MB * 1024 * 1024 },
    backups:
      values.BACKUP_EVERY_HOURS === 0
        ? undefined
        : {
            everyHours: values.BACKUP_EVERY_HOURS,
            keep: values.BACKUP_KEEP,
            folder: values.BACKUP_DIR ?? join(values.JINGWEI_DIR, "backups"),
          },
  };
}
