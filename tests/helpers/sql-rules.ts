import type { StatementEvent } from "../../db/driver.ts";
import { type SqlToken, sqlTokens } from "../../db/sql-text.ts";
import { DIRECTORY_TABLES, REFERENCE_TABLES, TENANT_TABLES } from "../../db/tenant-tables.ts";

/**
 * The data rules of DESIGN section 4 that can be read from a statement's text: 1 (tenant first), 2 (each statement names
 * the county of each tenant table), 5 (no triggers, no now() in writes), 7 (row-level security), 9 (migrations).
 */

const TENANTS: ReadonlySet<string> = new Set(TENANT_TABLES);
const WRITES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
const STATEMENTS = new Set(["SELECT", "VALUES", "WITH", ...WRITES]);
const SET_OPERATIONS = new Set(["UNION", "EXCEPT", "INTERSECT"]);
/** Words that may follow a table's name and are no alias. */
const NOT_ALIAS = new Set(
  "ON WHERE JOIN LEFT RIGHT INNER OUTER FULL CROSS NATURAL GROUP ORDER LIMIT OFFSET FETCH FOR USING SET VALUES SELECT RETURNING UNION EXCEPT INTERSECT HAVING WINDOW TABLESAMPLE DEFAULT OVERRIDING WHEN".split(
    " ",
  ),
);
const UNSTABLE = new Set(
  "now current_timestamp current_date current_time localtime localtimestamp clock_timestamp statement_timestamp transaction_timestamp random gen_random_uuid uuidv7 timeofday".split(
    " ",
  ),
);

const upper = (token: SqlToken | undefined): string => token?.text.toUpperCase() ?? "";
const lower = (token: SqlToken | undefined): string => token?.text.toLowerCase().replaceAll('"', "") ?? "";

interface TableUse {
  readonly table: string;
  readonly alias: string;
  readonly insert: boolean;
  /** Position of the name among the tokens. */
  readonly at: number;
}

/** Tokens of one query block (a SELECT with its own FROM), without those of blocks nested in it. */
type Block = (SqlToken & { readonly index: number })[];

function splitBlocks(tokens: readonly SqlToken[]): Block[] {
  const root: Block = [];
  const blocks: Block[] = [root];
  // For each open parenthesis: the block that was current before it.
  const stack: Block[] = [];
  let current = root;
  tokens.forEach((token, index) => {
    if (token.text === "(") {
      stack.push(current);
      if (STATEMENTS.has(upper(tokens[index + 1]))) {
        current = [];
        blocks.push(current);
        return;
      }
    } else if (token.text === ")") {
      current = stack.pop() ?? root;
    } else if (SET_OPERATIONS.has(upper(token))) {
      current = [];
      blocks.push(current);
      return;
    }
    current.push({ ...token, index });
  });
  return blocks;
}

function tableUses(block: Block): TableUse[] {
  const uses: TableUse[] = [];
  block.forEach((token, i) => {
    const table = lower(token);
    if (!TENANTS.has(table)) return;
    let k = i - 1;
    if (block[k]?.text === "." && lower(block[k - 1]) === "public") k -= 2;
    const before = upper(block[k]);
    const inList = before === "," && isFromList(block, k);
    if (!["FROM", "JOIN", "UPDATE", "INTO", "USING", "ONLY", "LATERAL"].includes(before) && !inList) return;
    const next = block[i + 1];
    const named = upper(next) === "AS" ? block[i + 2] : next;
    const isAlias = named !== undefined && /^[a-z_]\w*$/i.test(named.text) && !NOT_ALIAS.has(upper(named));
    uses.push({ table, alias: isAlias ? lower(named) : table, insert: before === "INTO", at: i });
  });
  return uses;
}

/** True when the comma at `k` stands in a FROM list: the last clause word before it on its level is FROM. */
function isFromList(block: Block, k: number): boolean {
  const depth = block[k]?.depth;
  for (let i = k - 1; i >= 0; i--) {
    const token = block[i] as SqlToken;
    if (token.depth !== depth) continue;
    const word = upper(token);
    if (word === "FROM" || word === "USING") return true;
    if (["SELECT", "WHERE", "GROUP", "ORDER", "SET", "RETURNING", "VALUES", "INTO"].includes(word)) return false;
  }
  return false;
}

const isParameter = (token: SqlToken | undefined): boolean => /^\$\d+$/.test(token?.text ?? "");

/** Names (aliases, or "" for an unqualified column) whose county is set equal to a parameter. */
function namedCounties(tokens: readonly SqlToken[]): Set<string> {
  const names = new Set<string>();
  tokens.forEach((token, i) => {
    if (lower(token) !== "county") return;
    const qualified = tokens[i - 1]?.text === ".";
    const name = qualified ? lower(tokens[i - 2]) : "";
    const before = qualified ? i - 3 : i - 1;
    const forward = tokens[i + 1]?.text === "=" && isParameter(tokens[i + 2]);
    const backward = tokens[before]?.text === "=" && isParameter(tokens[before - 1]);
    if (forward || backward) names.add(name);
  });
  return names;
}

function insertNamesCounty(tokens: readonly SqlToken[], use: TableUse, block: Block): boolean {
  const start = (block[use.at] as Block[number]).index;
  const open = tokens.findIndex((token, i) => i > start && token.text === "(");
  if (open < 0) return false;
  for (let i = open + 1; i < tokens.length && tokens[i]?.text !== ")"; i++)
    if (lower(tokens[i]) === "county") return true;
  return false;
}

/**
 * Breaches of rules 2, 5 and 7 in a statement that a repository sent. Only reads and writes of rows are looked at.
 *
 * @returns one sentence per breach; empty when the statement keeps the rules
 */
export function lintStatement(sql: string): string[] {
  const tokens = sqlTokens(sql);
  if (!STATEMENTS.has(upper(tokens[0]))) return [];
  const breaches: string[] = [];
  const anywhere = namedCounties(tokens);
  for (const block of splitBlocks(tokens)) {
    const uses = tableUses(block);
    const readHere = uses.filter((use) => !use.insert);
    const own = namedCounties(block);
    for (const use of uses) {
      const named = use.insert
        ? insertNamesCounty(tokens, use, block)
        : anywhere.has(use.alias) || (own.has("") && readHere.length === 1);
      if (!named) breaches.push(`rule 2: ${use.table} (${use.alias}) is used without "county = $n"`);
    }
  }
  const isWrite = tokens.some((token) => WRITES.has(upper(token)) && !isLockClause(tokens, token));
  tokens.forEach((token, i) => {
    const word = lower(token);
    if (isWrite && UNSTABLE.has(word) && tokens[i - 1]?.text !== ".") {
      breaches.push(`rule 5: ${word} in a write; pass the time or id as a parameter`);
    }
    if (word === "set_config") breaches.push("rule 7: set_config does not reach distributed workers; use SET LOCAL");
    if (word === "county" && upper(tokens[i - 1]) === "SET" && tokens[i + 1]?.text === "=") {
      breaches.push("rule 1: county is never updated");
    }
  });
  return breaches;
}

/**
 * Breaches in a statement captured by `Database.onStatement`. A named and reviewed read may cross counties (rule 2); every
 * other rule holds for it too.
 */
export const lintEvent = ({ sql, scope }: StatementEvent): string[] =>
  lintStatement(sql).filter((breach) => scope.kind !== "reviewed" || !breach.startsWith("rule 2"));

/** `FOR UPDATE`, `FOR NO KEY UPDATE` lock rows and write nothing. */
function isLockClause(tokens: readonly SqlToken[], token: SqlToken): boolean {
  const i = tokens.indexOf(token);
  return upper(token) === "UPDATE" && ["FOR", "KEY"].includes(upper(tokens[i - 1]));
}

/** The statements of a text, split at semicolons outside quotes and brackets. */
function splitStatements(sql: string): SqlToken[][] {
  const statements: SqlToken[][] = [[]];
  for (const token of sqlTokens(sql)) {
    if (token.text === ";" && token.depth === 0) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

const textOf = (tokens: readonly SqlToken[]): string => tokens.map((token) => token.text).join(" ");

/** Parts of a bracketed list, split at its own commas. */
function listItems(tokens: readonly SqlToken[]): SqlToken[][] {
  const depth = tokens[0]?.depth ?? 0;
  const items: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === "," && token.depth === depth) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

const COUNTY_COLUMN = "county text COLLATE \"C\" NOT NULL CHECK ( county ~ '^[0-9]{6}$' )";

function lintCreateTable(statement: readonly SqlToken[], breaches: string[]): void {
  const name = lower(statement[2]);
  const words = textOf(statement);
  if (/\bPARTITION OF\b/i.test(words)) return;
  const body = statement.slice(4, -1);
  const end = body.findIndex((token) => token.text === ")" && token.depth === 0);
  const items = listItems(end < 0 ? body : body.slice(0, end));
  if (/\bREFERENCES\b/i.test(words)) breaches.push(`rule 9: ${name}: foreign keys belong into a later phase`);
  if (([...REFERENCE_TABLES, ...DIRECTORY_TABLES] as readonly string[]).includes(name)) return;
  if (!TENANTS.has(name)) breaches.push(`rule 1: ${name} is neither in TENANT_TABLES nor in REFERENCE_TABLES`);
  if (textOf(items[0] ?? []) !== COUNTY_COLUMN) breaches.push(`rule 1: ${name}: the first column is not the county`);
  for (const item of items) {
    const text = textOf(item);
    if (/\b(PRIMARY KEY|UNIQUE)\b/i.test(text) && !/\b(PRIMARY KEY|UNIQUE) \( county\b/i.test(text)) {
      breaches.push(`rule 1: ${name}: a key does not start with county: ${text}`);
    }
    if (/\bEXCLUDE\b/i.test(text) && !/\( county WITH =/i.test(text)) {
      breaches.push(`rule 1: ${name}: an exclusion does not start with county: ${text}`);
    }
  }
}

/**
 * Breaches of rules 1, 5, 7 and 9 in the text of a migration.
 *
 * @returns one sentence per breach
 */
export function lintMigration(sql: string): string[] {
  const breaches: string[] = [];
  const up = sql.split(/^-- Down Migration/im)[0] ?? "";
  if (!/^-- Down Migration/im.test(sql)) breaches.push("rule 9: there is no way down");
  for (const statement of splitStatements(up)) {
    const text = textOf(statement);
    const head = text.toUpperCase();
    if (/^CREATE (CONSTRAINT |OR REPLACE )*TRIGGER/.test(head)) breaches.push("rule 5: a trigger");
    if (/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)/.test(head)) breaches.push("rule 5: a function");
    if (statement.some((token, i) => UNSTABLE.has(lower(token)) && statement[i - 1]?.text !== ".")) {
      breaches.push(`rule 5: a time or id made by the database: ${text.slice(0, 80)}`);
    }
    if (head.startsWith("CREATE TABLE")) lintCreateTable(statement, breaches);
    if (head.startsWith("ALTER TABLE")) lintAlterTable(statement, text, breaches);
    if (/^CREATE UNIQUE INDEX/.test(head) && !/\( county\b/i.test(text)) {
      breaches.push(`rule 1: a unique index does not start with county: ${text}`);
    }
    const condition = /^CREATE POLICY.*? (USING|WITH CHECK) (.*)$/.exec(head)?.[2] ?? "";
    if (/\bSELECT\b|\bEXISTS\b|\bFROM\b/.test(condition)) {
      breaches.push(`rule 7: a policy reads another table: ${text}`);
    }
  }
  return breaches;
}

function lintAlterTable(statement: readonly SqlToken[], text: string, breaches: string[]): void {
  if (listItems(statement).length > 1) breaches.push(`rule 9: more than one action in a statement: ${text}`);
  if (!/\bFOREIGN KEY\b/i.test(text)) return;
  if (!/FOREIGN KEY \( county\b/i.test(text) || !/REFERENCES \w+ \( county\b/i.test(text)) {
    breaches.push(`rule 1: a foreign key does not start with county on both sides: ${text}`);
  }
  if (/ON (DELETE|UPDATE) SET (NULL|DEFAULT)/i.test(text)) breaches.push(`rule 1: only RESTRICT or CASCADE: ${text}`);
}
