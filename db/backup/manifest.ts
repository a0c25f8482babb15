import { z } from "zod";

/** First bytes of a backup file; the number is that of the format. */
export const MAGIC = "JINGWEI BACKUP 1\n";
/** Counts changes of the format that an older reader would misread. */
export const FORMAT = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const count = z.number().int().nonnegative();

const tableSchema = z.object({
  name: identifier,
  columns: z.array(identifier).min(1),
  rows: count,
  /** `LineDigest` of the rows in COPY's text format. */
  hash: sha256,
  /** Where its bytes lie in the file: a gzip file of its own. */
  offset: count,
  bytes: count,
  /** SHA-256 of these bytes. */
  sha256,
});

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** Version of Jingwei that wrote it. */
  product: z.string(),
  /** What it was read from, for people. */
  source: z.object({ form: z.enum(["native", "embedded"]), postgres: z.string(), postgis: z.string() }),
  /** The one moment of which everything is, ISO 8601 in UTC, by the clock of the database. */
  takenAt: z.iso.datetime({ offset: true }),
  /** Milliseconds for which the embedded database served nobody else; 0 for a server. */
  heldMs: count,
  /** Six digits; null = all counties. */
  county: z
    .string()
    .regex(/^\d{6}$/)
    .nullable(),
  counties: z.array(z.object({ code: z.string(), name: z.string(), demo: z.boolean() })),
  /** The last change of each county's feed that is in it. */
  feed: z.array(z.object({ county: z.string(), seq: count })),
  /** Migrations of the database, in the order in which they were applied. */
  migrations: z.array(z.string().regex(/^[0-9a-z_]+$/)),
  /** Monthly partitions, which loads make when they need them. */
  partitions: z.array(z.object({ table: identifier, name: identifier, from: z.uuid(), to: z.uuid() })),
  /** In an order in which they can be loaded: what others refer to comes first. */
  tables: z.array(tableSchema),
});

/** What a backup file says of itself; its last part. */
export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackupTable = z.infer<typeof tableSchema>;
