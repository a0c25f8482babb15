import { randomInt } from "node:crypto";
import { bugError } from "../../data/model/errors.ts";
import { type Uuid, uuidV7 } from "../../data/model/ids.ts";
import type { Role } from "../../data/policy/roles.ts";
import { type AuditLogRow, epochText, signRow } from "../audit/audit-row.ts";
import type { Transaction } from "../driver.ts";

/** What is said of a thing in the audit log: flat facts that name it, never its sealed content. */
export type AuditEntity = Readonly<Record<string, AuditValue>>;
export type AuditValue =
  | string
  | number
  | boolean
  | null
  | readonly AuditValue[]
  | { readonly [key: string]: AuditValue };

/** One entry: who, when, from where, what, why. */
export interface AuditEntry {
  /** Row id; minted from `at` when absent. */
  readonly id?: Uuid | undefined;
  /** Global id of the account, token or kiosk; `cli` or `jingwei` for the system itself; `nobody` before sign-in. */
  readonly actor: string;
  /** Name of the actor at this time. */
  readonly actorName: string | null;
  /** Role that was acted under. */
  readonly role: Role | null;
  /** Address that the request came from; null within the machine. */
  readonly address: string | null;
  /** What was done, noun first: `account.create`, `sealed.read`, `incident.report`, `audit.export`. */
  readonly action: string;
  readonly entity: AuditEntity;
  /** Reason that was given; screened for identity numbers and the like by whoever took it in. */
  readonly reason: string | null;
  /** The instant, ISO 8601 with offset. */
  readonly at: string;
}

/** Who did it, and from where. */
export type AuditPerson = Pick<AuditEntry, "actor" | "actorName" | "role" | "address">;

/** What is done by the system itself or at its command line. @param actor `jingwei` when absent */
export const systemActor = (
  actor = "jingwei",
): Pick<AuditEntry, "actor" | "actorName" | "role" | "address" | "reason"> => ({
  actor,
  actorName: null,
  role: null,
  address: null,
  reason: null,
});

/** Keys that would carry sealed content or a secret: such an entry is refused, whoever writes it. */
const SEALED_KEYS = /^(contact|phone|mobile|password|secret|token|link|hash|title|note|lon|lat|geom|point|place)$/i;

function refuseSealed(value: AuditValue, action: string): void {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && SEALED_KEYS.test(key) && inner !== null && typeof inner !== "boolean")
      throw bugError(`The audit entry of ${action} carries "${key}"`, {
        at: `entity.${key}`,
        hint: "Name the thing by its id; true or false may say that such a value changed.",
      });
    refuseSealed(inner as AuditValue, action);
  }
}

/** PostgreSQL keeps no NUL and no half of a surrogate pair; what is signed is what is stored. */
const storable = (text: string): string => text.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\ufffd");
const storableOrNull = (text: string | null): string | null => (text === null ? null : storable(text));

/**
 * Adds an entry to the audit log of a county, in the transaction of what it tells of. It is signed here and sealed into
 * the county's chain within two seconds.
 *
 * @param county whose chain; `ROOT_COUNTY` for what belongs to the server
 * @throws BUG when the entity carries sealed content, or the database was opened without a key
 */
export async function appendAudit(tx: Transaction, county: string, entry: AuditEntry): Promise<void> {
  refuseSealed(entry.entity, entry.action);
  const ms = Date.parse(entry.at);
  const row: AuditLogRow = {
    county,
    id: entry.id ?? uuidV7(ms, randomInt(2 ** 12), randomInt(2 ** 30), randomInt(2 ** 32)),
    actor: storable(entry.actor),
    actor_name: storableOrNull(entry.actorName),
    role: entry.role,
    address: storableOrNull(entry.address),
    action: storable(entry.action),
    entity: storable(JSON.stringify(entry.entity)),
    reason: storableOrNull(entry.reason),
    at: epochText(ms),
  };
  await tx.execute(
    `INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      county,
      row.id,
      row.actor,
      row.actor_name,
      row.role,
      row.address,
      row.action,
      row.entity,
      row.reason,
      new Date(ms).toISOString(),
      signRow(tx.auditKey(), row),
    ],
  );
}
