import { createHash } from "node:crypto";
import { bugError } from "../../data/model/errors.ts";
import type { AuditKey } from "./audit-key.ts";

/** A row of the audit log with its columns as stored. */
export interface AuditLogRow {
  readonly county: string;
  readonly id: string;
  readonly actor: string;
  readonly actor_name: string | null;
  readonly role: string | null;
  readonly address: string | null;
  readonly action: string;
  /** JSON text, byte for byte as stored. */
  readonly entity: string;
  readonly reason: string | null;
  /** Seconds since 1970 (UTC) with six decimals, as PostgreSQL's `extract(epoch FROM at)::text` gives them. */
  readonly at: string;
}

/** A row with its keyed hash. */
export interface SignedAuditRow extends AuditLogRow {
  readonly mac: string;
}

/** A seal with its columns as stored. */
export interface AuditSealRow {
  readonly county: string;
  readonly seq: number;
  readonly audit_id: string;
  readonly previous_hash: string;
  readonly hash: string;
  /** As `AuditLogRow.at`. */
  readonly sealed_at: string;
  readonly head_file: string;
}

/** What the first row of a chain follows. */
export const GENESIS_HASH = "0".repeat(64);

/** An instant in the form of `AuditLogRow.at`. @param epochMs whole milliseconds since 1970 */
export function epochText(epochMs: number): string {
  if (!Number.isSafeInteger(epochMs) || epochMs < 0) throw bugError(`${epochMs} is not an instant of an audit row`);
  return `${Math.floor(epochMs / 1000)}.${String(epochMs % 1000).padStart(3, "0")}000`;
}

/** The bytes that a row's mac is over: a JSON array, so that no field can run into the next one. */
const canonicalRow = (row: AuditLogRow): string =>
  JSON.stringify([
    "jingwei audit row 1",
    row.county,
    row.id,
    row.actor,
    row.actor_name,
    row.role,
    row.address,
    row.action,
    row.entity,
    row.reason,
    row.at,
  ]);

/** The mac of a new row. */
export const signRow = (key: AuditKey, row: AuditLogRow): string => `v1:${key.id}:${key.mac(canonicalRow(row))}`;

/** The mac of a row from before rows were signed, under a text of its own: it vouches for nothing before this moment. */
export const signLegacyRow = (key: AuditKey, row: AuditLogRow): string =>
  `legacy:${key.id}:${key.mac(`legacy ${canonicalRow(row)}`)}`;

/** How a row's mac stands. */
export type MacState = "good" | "legacy" | "other-key" | "bad";

/** Checks a row's mac. `other-key`: signed with a key that this process does not have, so it cannot be told. */
export function macState(key: AuditKey, row: SignedAuditRow): MacState {
  const match = /^(v1|legacy):([0-9a-f]{8}):([0-9a-f]{64})$/.exec(row.mac);
  const [, kind, keyId, mac] = match ?? [];
  if (mac === undefined) return "bad";
  if (keyId !== key.id) return "other-key";
  if (kind === "v1") return key.verifies(canonicalRow(row), mac) ? "good" : "bad";
  return key.verifies(`legacy ${canonicalRow(row)}`, mac) ? "legacy" : "bad";
}

/**
 * The hash of the chain after a row: SHA-256 over the hash before it, the row with its mac, and its number, time and
 * place of the seal.
 */
export const sealHash = (row: SignedAuditRow, seal: Omit<AuditSealRow, "hash">): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        "jingwei audit seal 1",
        seal.previous_hash,
        canonicalRow(row),
        row.mac,
        seal.county,
        seal.seq,
        seal.audit_id,
        seal.sealed_at,
        seal.head_file,
      ]),
    )
    .digest("hex");
