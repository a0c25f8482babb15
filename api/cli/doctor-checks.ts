import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../../data/model/errors.ts";
import type { Database } from "../../db/driver.ts";
import { countCounty, databaseClock, listCounties } from "../../db/import/county-admin.ts";
import { migrationState } from "../../db/migrate.ts";
import { loginRights } from "../../db/repositories/login-rights-repository.ts";
import { countedByRollups } from "../../db/rollups/rebuild.ts";
import { clientState } from "./client-build.ts";
import type { CommandIo } from "./command.ts";

/** One line of the doctor's. */
export interface Finding {
  readonly name: string;
  /** `note` is worth knowing, `fault` needs somebody. */
  readonly level: "ok" | "note" | "fault";
  readonly detail: string;
  readonly advice?: string;
}

export interface DoctorContext {
  readonly dir: string;
  readonly url: string | undefined;
  readonly io: CommandIo;
}

type Check = (context: DoctorContext) => Promise<readonly Finding[]>;

const LOW_DISK_BYTES = 2 * 2 ** 30;
const FULL_DISK_BYTES = 500 * 2 ** 20;
/** The oldest year in which this program can run: an earlier clock has lost its battery. */
const FIRST_YEAR = 2025;
const CLOCK_DRIFT_MS = 5_000;

const checkNode: Check = async () => [
  {
    name: "Node.js",
    level: "ok",
    detail: `${process.versions.node}, ICU ${process.versions.icu ?? "none"}, ${process.platform} ${process.arch}`,
  },
];

const checkClock: Check = async ({ io }) => {
  const now = new Date(io.now());
  const early = now.getUTCFullYear() < FIRST_YEAR;
  return [
    {
      name: "时钟 clock",
      level: early ? "fault" : "ok",
      detail: now.toISOString(),
      ...(early ? { advice: "Set the system clock, and keep it right with NTP." } : {}),
    },
  ];
};

const checkDisk: Check = async ({ dir, url }) => {
  let at = resolve(dir);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  const free = bavail * bsize;
  const level = free < FULL_DISK_BYTES ? "fault" : free < LOW_DISK_BYTES ? "note" : "ok";
  const detail = `${(free / 2 ** 30).toFixed(1)} GB free at ${at}`;
  const name = "磁盘 disk";
  if (level === "ok") return [{ name, level, detail }];
  return [
    {
      name,
      level,
      detail,
      advice: url ? "Free some space." : "Free some space, or move the folder with --dir: a full disk stops writes.",
    },
  ];
};

const checkClient: Check = async () => {
  const { state } = await clientState();
  if (state === "fresh") return [{ name: "网页 browser client", level: "ok", detail: "built from these sources" }];
  return [{ name: "网页 browser client", level: "note", detail: state, advice: "jingwei start builds it." }];
};

const checkDatabase: Check = async (context) => {
  const { dir, url, io } = context;
  const name = "数据库 database";
  if (!url && !existsSync(join(dir, "pgdata", "PG_VERSION"))) {
    return [
      {
        name,
        level: "note",
        detail: `none yet in ${resolve(dir)}`,
        advice: "jingwei start, or jingwei county add, makes it.",
      },
    ];
  }
  let database: Database;
  try {
    ({ database } = await io.openDatabase(dir));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A folder in use is a running server, most of the time: nothing is wrong with it.
    const level = error.code === "CONFLICT" ? "note" : "fault";
    return [{ name, level, detail: error.message, ...(error.hint ? { advice: error.hint } : {}) }];
  }
  try {
    return await inspect(database, io);
  } finally {
    await database.close();
  }
};

/** Row-level security binds no superuser and no owner: a login of its own is the second lock. */
async function checkLogin(database: Database): Promise<Finding> {
  const name = "数据库登录 database login";
  const rights = await database.transaction({ kind: "reference" }, loginRights);
  const faults = [
    rights?.superuser ? "is superuser" : "",
    rights?.bypassesPolicies ? "has BYPASSRLS" : "",
    rights?.createsRoles ? "may make roles" : "",
    rights?.ownsTables ? "owns the tables or may become their owner" : "",
  ].filter(Boolean);
  if (rights && faults.length === 0)
    return { name, level: "ok", detail: `${rights.login} owns nothing and cannot pass by row-level security` };
  return {
    name,
    level: "note",
    detail: `${rights?.login ?? "the login"} ${faults.join(", ")}: only the roles that Jingwei takes keep it in bounds`,
    advice:
      "Give DATABASE_URL a login that owns nothing and DATABASE_OWNER_URL the owner: docs/need-to-know.md has the three lines.",
  };
}

async function inspect(database: Database, io: CommandIo): Promise<Finding[]> {
  const facts = await database.describe();
  const { shipped, applied } = await migrationState(database);
  const missing = shipped.filter((one) => !applied.includes(one));
  const drift = Math.abs((await databaseClock(database)) - io.now());
  const counties = await listCounties(database);
  const findings: Finding[] = [
    {
      name: "数据库 database",
      level: "ok",
      detail: `${facts.form}, PostgreSQL ${facts.postgres}, PostGIS ${facts.postgis}, ${facts.location}`,
    },
    { name: "持久性 durability", level: facts.survivesPowerLoss ? "ok" : "note", detail: facts.durability },
    {
      name: "迁移 migrations",
      level: missing.length === 0 ? "ok" : "fault",
      detail: missing.length === 0 ? `all ${shipped.length} applied` : `missing ${missing.join(", ")}`,
      ...(missing.length === 0 ? {} : { advice: "jingwei start applies them." }),
    },
  ];
  if (database.form === "native") findings.push(await checkLogin(database));
  if (drift > CLOCK_DRIFT_MS) {
    const detail = `the database's clock differs by ${(drift / 1000).toFixed(0)} s`;
    findings.push({ name: "时钟 clocks", level: "fault", detail, advice: "Keep both machines right with NTP." });
  }
  if (counties.length === 0) {
    findings.push({
      name: "县区 counties",
      level: "note",
      detail: "none",
      advice: "jingwei county add, or jingwei demo add zuoyun",
    });
  }
  for (const county of counties) {
    const { areas, incidents } = await countCounty(database, county.code);
    const demo = county.demo ? ", 演示数据 synthetic" : "";
    const empty = areas === 0;
    const counted = await database.transaction({ kind: "loader", county: county.code }, (tx) =>
      countedByRollups(tx, county.code),
    );
    if (counted !== incidents)
      findings.push({
        name: `${county.name} ${county.code} 汇总 roll-ups`,
        level: "fault",
        detail: `count ${counted} of ${incidents} incidents`,
        advice: `jingwei rollup verify --county ${county.code} says where, jingwei rollup rebuild counts them anew.`,
      });
    findings.push({
      name: `${county.name} ${county.code}`,
      level: empty ? "note" : "ok",
      detail: `${areas} areas, ${incidents} incidents, ${county.timezone}${demo}`,
      ...(empty ? { advice: `jingwei import areas FILE --county ${county.code} --level LEVEL` } : {}),
    });
  }
  return findings;
}

/** In the order in which a person would look. */
export const DOCTOR_CHECKS: readonly Check[] = [checkNode, checkClock, checkDisk, checkClient, checkDatabase];
