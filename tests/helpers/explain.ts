import type { Param, Transaction } from "../../db/driver.ts";

/** One scan of a plan. */
export interface Scan {
  /** Table that is read; partitions are named after their parent. */
  readonly table: string;
  readonly node: string;
  readonly index: string | undefined;
  /** Conditions that the index itself answers. */
  readonly condition: string;
}

const decode = (xml: string): string =>
  xml.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** Scans of a plan in EXPLAIN's XML form. A bitmap's index belongs to the heap scan above it. */
function scansOf(xml: string): Scan[] {
  const scans: Scan[] = [];
  const stack: { table: string }[] = [];
  for (const part of xml.split(/(?=<Plan>|<\/Plan>)/)) {
    if (part.startsWith("</Plan>")) {
      stack.pop();
      continue;
    }
    if (!part.startsWith("<Plan>")) continue;
    const field = (name: string): string | undefined => {
      const found = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(part)?.[1];
      return found === undefined ? undefined : decode(found);
    };
    const own = field("Relation-Name")?.replace(/_(\d{4}_\d{2}|default)$/, "");
    const table = own ?? stack.at(-1)?.table ?? "";
    stack.push({ table });
    const index = field("Index-Name");
    const node = field("Node-Type") ?? "";
    if (index !== undefined || (own !== undefined && node === "Seq Scan"))
      scans.push({ table, node, index, condition: field("Index-Cond") ?? "" });
  }
  return scans;
}

/**
 * A transaction that plans the statements of a repository instead of running them: every read answers nothing.
 *
 * @param seqscan whether reading a whole table counts as a choice; without, it is taken only where no index can serve
 */
export async function explaining(
  tx: Transaction,
  seqscan: boolean,
  work: (tx: Transaction) => Promise<unknown>,
): Promise<Scan[]> {
  if (!seqscan) await tx.execute("SET LOCAL enable_seqscan = off");
  const scans: Scan[] = [];
  const plan = async (sql: string, params?: readonly Param[]): Promise<void> => {
    const xml = await tx.bytes(`EXPLAIN (FORMAT XML) ${sql}`, params);
    scans.push(...scansOf(new TextDecoder().decode(xml)));
  };
  await work({
    scope: tx.scope,
    auditKey: () => tx.auditKey(),
    rows: async <Row>(sql: string, params?: readonly Param[]) => {
      await plan(sql, params);
      return [] as Row[];
    },
    bytes: async (sql, params) => {
      await plan(sql, params);
      return undefined;
    },
    execute: async (sql, params) => {
      await plan(sql, params);
      return 0;
    },
    copyIn: () => Promise.reject(new Error("loads have no plan")),
  });
  return scans;
}
