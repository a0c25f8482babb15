import { codePath, codeRange, levelOfCode } from "../data/model/codes.ts";
import { bugError, userError } from "../data/model/errors.ts";
import type { Param, Scope } from "./driver.ts";

type ViewerScope = Extract<Scope, { kind: "viewer" }>;

/** Where a quoted text, an identifier, a comment or a dollar-quoted body that starts at `i` ends; `i` when none does. */
function skipQuoted(sql: string, i: number): number {
  const c = sql.charAt(i);
  if (c === "'" || c === '"') {
    // E'…' allows \' inside; the standard form only doubles the quote.
    const backslash = c === "'" && /[eE]/.test(sql.charAt(i - 1)) && !/\w/.test(sql.charAt(i - 2));
    for (let j = i + 1; j < sql.length; j++) {
      if (backslash && sql.charAt(j) === "\\") j++;
      else if (sql.charAt(j) === c) {
        if (sql.charAt(j + 1) !== c) return j + 1;
        j++;
      }
    }
    return sql.length;
  }
  if (c === "-" && sql.charAt(i + 1) === "-") {
    const end = sql.indexOf("\n", i);
    return end < 0 ? sql.length : end + 1;
  }
  if (c === "/" && sql.charAt(i + 1) === "*") {
    const end = sql.indexOf("*/", i + 2);
    return end < 0 ? sql.length : end + 2;
  }
  const tag = c === "$" ? /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(i, i + 66))?.[0] : undefined;
  if (tag) {
    const end = sql.indexOf(tag, i + tag.length);
    return end < 0 ? sql.length : end + tag.length;
  }
  return i;
}

/** A word or a mark outside quotes and comments, with the depth of parentheses that it stands at. */
export interface SqlToken {
  readonly text: string;
  readonly start: number;
  readonly depth: number;
}

/** Splits a statement into words, marks and quoted pieces; comments and white space are dropped. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\$\d+|\d+(?:\.\d+)?/y;
  let depth = 0;
  for (let i = 0; i < sql.length; ) {
    const c = sql.charAt(i);
    const end = skipQuoted(sql, i);
    if (end > i) {
      if (c !== "-" && c !== "/") tokens.push({ text: sql.slice(i, end), start: i, depth });
      i = end;
      continue;
    }
    word.lastIndex = i;
    const match = word.exec(sql)?.[0];
    if (match) {
      tokens.push({ text: match, start: i, depth });
      i += match.length;
      continue;
    }
    if (c === ")") depth--;
    if (!/\s/.test(c)) tokens.push({ text: c, start: i, depth });
    if (c === "(") depth++;
    i++;
  }
  return tokens;
}

const DATA_CHANGES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
const MAIN_STATEMENTS = new Set(["SELECT", "VALUES", "TABLE", ...DATA_CHANGES]);

/**
 * Wraps a statement that gives rows so that the database itself builds one JSON text: both forms of the driver then
 * give equal values, and no row objects cross the worker's border. A data-changing statement becomes a CTE, since
 * PostgreSQL allows those only at the top level.
 */
export function wrapRows(sql: string): string {
  const tokens = sqlTokens(sql);
  const last = tokens.at(-1);
  const body = last?.text === ";" ? sql.slice(0, last.start) : sql;
  const first = tokens[0]?.text.toUpperCase() ?? "";
  if (first === "WITH") {
    const main = tokens.find((token, i) => i > 0 && token.depth === 0 && MAIN_STATEMENTS.has(token.text.toUpperCase()));
    if (!main) throw bugError("A WITH statement without a main statement", { at: sql.slice(0, 200) });
    const head = body.slice(0, main.start);
    return `${head}, jw_rows AS (${body.slice(main.start)}\n) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows`;
  }
  if (DATA_CHANGES.has(first)) {
    return `WITH jw_rows AS (${body}\n) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows`;
  }
  return `SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (${body}\n) jw_rows`;
}

/** PostgreSQL's text form of an array: every element quoted, so that no text can be read as NULL or a separator. */
function arrayText(values: readonly (string | number | boolean | null)[]): string {
  const parts = values.map((value) => {
    if (value === null) return "NULL";
    if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
    return String(value);
  });
  return `{${parts.join(",")}}`;
}

/** PostgreSQL keeps no NUL in a text; whoever sent one is told so instead of an error of the database. */
function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw userError("a text contains a NUL character", { hint: "Remove it." });
}

/** A parameter in PostgreSQL's text form, equal on both forms of the driver; null stays null. */
export function paramText(param: Param): string | null {
  if (param === null) return null;
  if (typeof param === "string") return withoutNul(param);
  if (typeof param === "number" || typeof param === "boolean") return String(param);
  if (param instanceof Uint8Array) {
    return `\\x${Buffer.from(param.buffer, param.byteOffset, param.byteLength).toString("hex")}`;
  }
  if (Array.isArray(param)) return withoutNul(arrayText(param));
  throw bugError(`A value of type ${typeof param} cannot be bound to a statement`, {
    hint: "Bind text, numbers, booleans, null, bytes or flat arrays of them; turn objects into JSON text first.",
  });
}

/** All parameters of a statement as text. */
export const paramTexts = (params: readonly Param[] | undefined): (string | null)[] => (params ?? []).map(paramText);

/** A parameter as a literal, for the statements that take no parameters (COPY). Backslashes are plain (standard strings). */
const literalText = (param: Param): string => {
  const text = paramText(param);
  return text === null ? "NULL" : `'${text.replaceAll("'", "''")}'`;
};

/** The statement with a literal in the place of each `$n`; what stands in quotes and comments stays. */
export function withLiterals(sql: string, params: readonly Param[]): string {
  let out = "";
  let end = 0;
  for (const { text, start } of sqlTokens(sql)) {
    if (!/^\$\d+$/.test(text)) continue;
    const param = params[Number(text.slice(1)) - 1];
    if (param === undefined) throw bugError(`there is no parameter ${text}`, { at: sql.slice(0, 200) });
    out += sql.slice(end, start) + literalText(param);
    end = start + text.length;
  }
  return out + sql.slice(end);
}

/** A six-digit county code that may stand in a statement as a literal. */
export function requireCounty(county: string): string {
  if (/^[0-9]{6}$/.test(county)) return county;
  throw userError(`"${county}" is not a county code`, { at: "county", hint: "A county code has six digits." });
}

/** An identifier (table, column, channel) that may stand in a statement unquoted. */
export function requireIdentifier(name: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return name;
  throw bugError(`"${name}" is not a plain SQL name`, { hint: "Use lower-case letters, digits and underscores." });
}

/**
 * The database role of a seat: `jingwei_<role>` sees a range of codes within a county, `jingwei_<role>_county` the whole of
 * it (its policies compare the county only, which the planner folds into the statement's own condition), and
 * `jingwei_visitor` aggregates.
 */
export const seatRole = (scope: Pick<ViewerScope, "county" | "role" | "area" | "visitor">): string => {
  if (scope.visitor) return "jingwei_visitor";
  return scope.area === scope.county ? `jingwei_${scope.role}_county` : `jingwei_${scope.role}`;
};

function viewerStatements(scope: ViewerScope): string[] {
  const county = requireCounty(scope.county);
  const level = levelOfCode(scope.area);
  if (!level || !scope.area.startsWith(county))
    throw bugError(`"${scope.area}" is not an area of county ${county}`, { at: "scope" });
  if (scope.account !== null && !/^[0-9a-f-]{36}$/.test(scope.account))
    throw bugError(`"${scope.account}" is not the id of an account`, { at: "scope" });
  const { from, to } = codeRange(scope.area);
  const above = codePath(scope.area).slice(0, -1).join(",");
  return [
    "BEGIN",
    `SET LOCAL ROLE ${requireIdentifier(seatRole(scope))}`,
    `SET LOCAL app.county = '${county}'`,
    `SET LOCAL app.account = '${scope.account ?? ""}'`,
    ...(scope.area === county
      ? []
      : [
          `SET LOCAL app.scope_from = '${from}'`,
          `SET LOCAL app.scope_to = '${to}'`,
          // Codes that the area lies in, county first: for what serves the whole town or county.
          `SET LOCAL app.scope_above = '${above}'`,
        ]),
  ];
}

/** Statements that open a transaction under a scope: each a statement of its own (data rule 7). */
export function openingStatements(scope: Scope): string[] {
  if (scope.kind === "county") {
    const county = requireCounty(scope.county);
    return ["BEGIN", "SET LOCAL ROLE jingwei_app", `SET LOCAL app.county = '${county}'`];
  }
  if (scope.kind === "viewer") return viewerStatements(scope);
  if (scope.kind === "auth") return ["BEGIN", "SET LOCAL ROLE jingwei_auth"];
  if (scope.kind === "sealer") return ["BEGIN", "SET LOCAL ROLE jingwei_sealer"];
  if (scope.kind === "accounts") {
    const county = requireCounty(scope.county);
    return ["BEGIN", "SET LOCAL ROLE jingwei_accounts", `SET LOCAL app.county = '${county}'`];
  }
  if (scope.kind === "reference") return ["BEGIN", "SET LOCAL ROLE jingwei_app", "SET LOCAL app.county = ''"];
  if (scope.kind === "loader") {
    requireCounty(scope.county);
    return ["BEGIN"];
  }
  return [scope.name === "reference-load" ? "BEGIN" : "BEGIN READ ONLY"];
}

/** True for the scopes without a role of their own: loads and reviewed reads, which the owner of the schema does. */
export const runsAsOwner = (scope: Scope): boolean => scope.kind === "loader" || scope.kind === "reviewed";

/** COPY FROM is refused under row-level security, so it runs as the owner only. */
export function requireLoader(scope: Scope): void {
  if (scope.kind === "loader" || (scope.kind === "reviewed" && scope.name === "reference-load")) return;
  throw bugError(`Bulk loads need the loader scope, not "${scope.kind}"`);
}
