import { z } from "zod";
import { userError } from "../data/model/errors.ts";

const text = z.string().trim().min(1, "is empty");
const url = (...protocols: string[]) =>
  text.refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `is not a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

/** Environment variables that Jingwei reads; every other name under `OIDC_` and `BASEMAP_` is refused as a typo. */
const VARIABLES = {
  /** PostgreSQL with PostGIS; absent = the embedded database. */
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  /** Folder of the embedded database and of everything else that is kept. */
  JINGWEI_DIR: text.default(".jingwei"),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "is not a port number")
    .transform(Number)
    .refine((port) => port <= 65_535, { message: "is not a port number" })
    .default(8080),
  HOST: text.default("127.0.0.1"),
  /** Event bus beyond the process; absent = in the process. */
  BUS_URL: url("nats:", "tls:").optional(),
  /** Key that audit rows are signed with, 32 bytes in base64; absent = `<JINGWEI_DIR>/audit/key`, made at the first start. */
  AUDIT_KEY: text
    .refine((value) => Buffer.from(value, "base64").length === 32, { message: "is not 32 bytes in base64" })
    .optional(),
  OIDC_ISSUER: url("https:", "http:").optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  /** A PMTiles file, a raster tile template or a style for the optional base map. */
  BASEMAP_PMTILES: text.optional(),
  BASEMAP_RASTER: text.optional(),
  BASEMAP_VECTOR: text.optional(),
  /** 审图号 shown on every map. */
  MAP_REVIEW_NUMBER: text.optional(),
} as const;

const schema = z.object(VARIABLES).refine(
  (values) => {
    const oidc = [values.OIDC_ISSUER, values.OIDC_CLIENT_ID, values.OIDC_CLIENT_SECRET];
    return oidc.every((value) => value === undefined) || oidc.every((value) => value !== undefined);
  },
  { path: ["OIDC_ISSUER"], message: "must be set together with OIDC_CLIENT_ID and OIDC_CLIENT_SECRET" },
);

/** The checked environment. */
export interface Config {
  readonly databaseUrl?: string | undefined;
  readonly dir: string;
  readonly port: number;
  readonly host: string;
  readonly busUrl?: string | undefined;
  readonly oidc?: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | undefined;
  readonly basemap: {
    readonly pmtiles?: string | undefined;
    readonly raster?: string | undefined;
    readonly vector?: string | undefined;
  };
  readonly mapReviewNumber?: string | undefined;
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
    else if (/^(OIDC|BASEMAP)_/.test(name))
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
    dir: values.JINGWEI_DIR,
    port: values.PORT,
    host: values.HOST,
    busUrl: values.BUS_URL,
    oidc:
      values.OIDC_ISSUER && values.OIDC_CLIENT_ID && values.OIDC_CLIENT_SECRET
        ? { issuer: values.OIDC_ISSUER, clientId: values.OIDC_CLIENT_ID, clientSecret: values.OIDC_CLIENT_SECRET }
        : undefined,
    basemap: { pmtiles: values.BASEMAP_PMTILES, raster: values.BASEMAP_RASTER, vector: values.BASEMAP_VECTOR },
    mapReviewNumber: values.MAP_REVIEW_NUMBER,
  };
}
