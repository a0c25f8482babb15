import { bugError } from "../../data/model/errors.ts";
import type { Database } from "../driver.ts";
import {
  auditedCounties,
  doubledRow,
  type SealedRow,
  sealedRows,
  unsealedRows,
} from "../repositories/audit-seal-repository.ts";
import type { AuditKeeper } from "./audit-key.ts";
import { type AuditSealRow, epochText, GENESIS_HASH, macState, sealHash } from "./audit-row.ts";
import { type Head, type HeadsFile, readHeads } from "./heads-file.ts";
import { type AuditFault, faultText } from "./verify-text.ts";

/** The first bad row of a chain and what is wrong with it. */
export interface AuditProblem {
  readonly fault: AuditFault;
  /** Number in the chain; null where the row has none. */
  readonly seq: number | null;
  /** Row id; null where the row is gone with its id. */
  readonly id: string | null;
  /** One sentence, Chinese and English. */
  readonly message: string;
}

/** What checking the chain of one county gave. */
export interface AuditVerification {
  readonly county: string;
  readonly ok: boolean;
  /** Sealed rows that were checked. */
  readonly rows: number;
  /** Rows that wait for their seal. */
  readonly unsealed: number;
  /** Sealed rows from before rows were signed: they are vouched for from the day they were sealed. */
  readonly legacy: number;
  readonly problem: AuditProblem | undefined;
  /** True when the end was compared with the heads kept outside the database. */
  readonly headChecked: boolean;
  /** What could not be checked and why, and what was repaired: sentences in Chinese and English. */
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  /** The clock, epoch ms: a batch whose head is being written just now is not called cut off. */
  readonly nowMs: number;
}

/** Rows that are read at a time; other work goes on between two reads. */
const PAGE = 2000;
/** A head follows its seals at once; a seal older than this without its head was not just being written. */
const HEAD_GRACE_MS = 10_000;

/**
 * Recomputes a county's chain: every mac, every hash, every number, and the heads kept outside the database.
 *
 * It finds any row or seal that was changed, removed, put in, doubled or moved, a chain whose end was cut off, and a file
 * of heads that was touched; it names the first bad row. Rows of the last two seconds, not yet sealed, can be removed
 * unseen, and who holds the audit key can sign what they like.
 *
 * @param county whose chain; `ROOT_COUNTY` for the server's own
 */
export async function verifyAudit(
  database: Database,
  county: string,
  { nowMs }: VerifyOptions,
): Promise<AuditVerification> {
  const keeper = keeperOf(database);
  // Read first: whatever is sealed meanwhile is newer than these heads.
  const heads = readHeads(keeper);
  const chain = new ChainCheck(keeper, county, heads, nowMs);
  for (let more = true, after: number | null = null; more && !chain.problem; after = chain.seq) {
    const page = await database.transaction({ kind: "sealer" }, (tx) => sealedRows(tx, county, after, PAGE));
    for (const sealed of page) if (!chain.problem) chain.next(sealed);
    more = page.length === PAGE;
  }
  chain.end(await database.transaction({ kind: "sealer" }, (tx) => doubledRow(tx, county)));
  const unsealed = await checkUnsealed(database, county, chain);
  return {
    county,
    ok: chain.problem === undefined,
    rows: chain.rows,
    unsealed,
    legacy: chain.legacy,
    problem: chain.problem,
    headChecked: heads.file !== undefined && (chain.headless === 0 || chain.checkedHeads > 0),
    notes: chain.notes,
  };
}

/** Checks every chain: of each county and of the server. */
export async function verifyAllAudits(database: Database, options: VerifyOptions): Promise<AuditVerification[]> {
  const counties = new Set(await auditedCounties(database));
  // A chain that was removed altogether is known from its heads alone.
  for (const head of readHeads(keeperOf(database)).heads) counties.add(head.county);
  const results: AuditVerification[] = [];
  for (const county of [...counties].sort()) results.push(await verifyAudit(database, county, options));
  return results;
}

const keeperOf = (database: Database): AuditKeeper => {
  if (database.audit) return database.audit;
  throw bugError("The database was opened without an audit key", { hint: "Open it with openDatabase()." });
};

/** Walks one chain from its first row; stops at the first problem. */
class ChainCheck {
  seq = 0;
  rows = 0;
  legacy = 0;
  /** Seals whose heads went to another file, or to one that is gone. */
  headless = 0;
  checkedHeads = 0;
  problem: AuditProblem | undefined;
  readonly notes: string[] = [];
  readonly #keeper: AuditKeeper;
  readonly #county: string;
  readonly #file: HeadsFile;
  readonly #heads = new Map<number, Head[]>();
  readonly #graceFrom: string;
  #previous = GENESIS_HASH;
  /** The last row whose head agrees: everything up to it is as it was sealed. */
  #trusted = 0;
  #last: AuditSealRow | undefined;

  constructor(keeper: AuditKeeper, county: string, file: HeadsFile, nowMs: number) {
    this.#keeper = keeper;
    this.#county = county;
    this.#file = file;
    this.#graceFrom = epochText(Math.max(0, nowMs - HEAD_GRACE_MS));
    for (const head of file.heads) {
      if (head.county !== county) continue;
      const same = this.#heads.get(head.seq);
      if (same) same.push(head);
      else this.#heads.set(head.seq, [head]);
      if (head.late) this.notes.push(faultText("note-late", { seq: head.seq }));
    }
  }

  next(sealed: SealedRow): void {
    const { seal } = sealed;
    const fault = this.#faultOf(sealed);
    if (fault === "seal-missing") this.#found(fault, this.seq + 1, null);
    else if (fault) this.#found(fault, seal.seq, seal.audit_id, { from: this.#trusted + 1 });
    // A batch ends where the next seal has another time or another file: its head must be there.
    const last = this.#last;
    if (last && (last.sealed_at !== seal.sealed_at || last.head_file !== seal.head_file)) this.#batchEnd(last, false);
    if (this.problem) return;
    this.seq = seal.seq;
    this.rows += 1;
    this.#previous = seal.hash;
    this.#last = seal;
  }

  #faultOf({ seal, row }: SealedRow): AuditFault | undefined {
    if (seal.seq !== this.seq + 1) return "seal-missing";
    if (seal.previous_hash !== this.#previous) return "chain-broken";
    if (!row) return "row-missing";
    const mac = macState(this.#keeper.key, row);
    const matches = sealHash(row, seal) === seal.hash;
    if (mac === "other-key") return matches ? "other-key" : "row-changed";
    if (mac === "bad") return matches ? "forged" : "row-changed";
    if (!matches) return "seal-changed";
    if (mac === "legacy") this.legacy += 1;
    const heads = this.#heads.get(seal.seq) ?? [];
    if (heads.some((head) => head.hash !== seal.hash || head.sealedAt !== seal.sealed_at)) return "head-differs";
    if (heads.length > 0) this.#trusted = seal.seq;
    return undefined;
  }

  /** After the last seal. @param doubled a row with two seals, if there is one */
  end(doubled: string | undefined): void {
    if (this.problem) return;
    const beyond = [...this.#heads.keys()].filter((seq) => seq > this.seq);
    const { problem } = this.#file;
    if (doubled !== undefined) this.#found("row-doubled", null, doubled);
    else if (beyond.length > 0) this.#found("end-cut", this.seq + 1, null, { last: Math.max(...beyond) });
    else if (this.#last) this.#batchEnd(this.#last, true);
    if (problem) {
      const own = problem.county === this.#county ? (problem.seq ?? null) : null;
      this.#found("heads-changed", own, null, { line: problem.line });
    }
    if (this.#file.file === undefined) this.notes.push(faultText("note-no-heads", { file: this.#keeper.headsFile }));
    else if (this.headless > 0) this.notes.push(faultText("note-other-heads", { count: this.headless }));
  }

  /** The head of a batch that went to our file must be there. */
  #batchEnd(seal: AuditSealRow, isLast: boolean): void {
    if (seal.head_file !== this.#file.file) this.headless += 1;
    else if (this.#heads.has(seal.seq)) this.checkedHeads += 1;
    else if (!isLast || Number(seal.sealed_at) < Number(this.#graceFrom))
      this.#found("head-missing", seal.seq, seal.audit_id);
  }

  #found(
    fault: AuditFault,
    seq: number | null,
    id: string | null,
    more: Readonly<Record<string, string | number>> = {},
  ): void {
    this.problem ??= { fault, seq, id, message: faultText(fault, { seq: seq ?? "?", id: id ?? "?", ...more }) };
  }

  /** A row without a seal whose mac is wrong. */
  unsealedFault(fault: AuditFault, id: string): void {
    this.#found(fault, null, id);
  }
}

async function checkUnsealed(database: Database, county: string, chain: ChainCheck): Promise<number> {
  const { key } = keeperOf(database);
  let count = 0;
  let from: string | undefined;
  for (let more = true; more; ) {
    const page = await database.transaction({ kind: "sealer" }, (tx) => unsealedRows(tx, county, from, PAGE));
    // Pages overlap by the row that the next one starts at.
    const fresh = count === 0 ? page : page.slice(1);
    for (const row of fresh) {
      count += 1;
      const mac = macState(key, row);
      if (mac === "bad") chain.unsealedFault("forged-unsealed", row.id);
      if (mac === "other-key") chain.unsealedFault("other-key", row.id);
    }
    from = page.at(-1)?.id ?? from;
    more = page.length === PAGE;
  }
  return count;
}
