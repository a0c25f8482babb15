import type { Database } from "../../db/driver.ts";
import { missingIndexes, newestWrite, scannedTables } from "../../db/expected-indexes.ts";
import { databaseClock } from "../../db/import/county-admin.ts";
import { migrationState } from "../../db/migrate.ts";
import { belowFloor } from "../../db/open-database.ts";
import { loginRights } from "../../db/repositories/login-rights-repository.ts";
import { ago, type HealthFinding, same, type Words } from "./finding.ts";

const CLOCK_DRIFT_MS = 5_000;
/** What was written by a clock so much ahead of this one's was written in its future, ms. */
const AHEAD_MS = 300_000;

/** Row-level security binds no superuser and no owner: a login of its own is the second lock. */
async function checkLogin(database: Database): Promise<HealthFinding> {
  const base = { id: "login", name: { zh: "数据库登录", en: "database login" } };
  const rights = await database.transaction({ kind: "reference" }, loginRights);
  const faults = [
    rights?.superuser ? "is superuser" : "",
    rights?.bypassesPolicies ? "has BYPASSRLS" : "",
    rights?.createsRoles ? "may make roles" : "",
    rights?.ownsTables ? "owns the tables or may become their owner" : "",
  ].filter(Boolean);
  const login = rights?.login ?? "the login";
  if (rights && faults.length === 0)
    return {
      ...{ ...base, level: "ok" },
      detail: {
        zh: `${login} 不拥有任何表，绕不过行级权限`,
        en: `${login} owns nothing and cannot pass by row-level security`,
      },
    };
  return {
    ...{ ...base, level: "note" },
    detail: {
      zh: `${login} 权限过大（${faults.join(", ")}），只靠经纬切换的角色约束`,
      en: `${login} ${faults.join(", ")}: only the roles that Jingwei takes keep it in bounds`,
    },
    advice: {
      zh: "给 DATABASE_URL 一个不拥有表的登录，把所有者放到 DATABASE_OWNER_URL：docs/need-to-know.md 有三行写法。",
      en: "Give DATABASE_URL a login that owns nothing and DATABASE_OWNER_URL the owner: docs/need-to-know.md has the three lines.",
    },
  };
}

async function checkMigrations(database: Database): Promise<HealthFinding> {
  const base = { id: "migrations", name: { zh: "迁移", en: "migrations" } };
  const { shipped, applied } = await migrationState(database);
  const missing = shipped.filter((one) => !applied.includes(one));
  if (missing.length === 0)
    return {
      ...{ ...base, level: "ok" },
      detail: { zh: `${shipped.length} 个全部完成`, en: `all ${shipped.length} applied` },
    };
  return {
    ...{ ...base, level: "fault" },
    detail: { zh: `缺 ${missing.join(", ")}`, en: `missing ${missing.join(", ")}` },
    advice: { zh: "重新启动（jingwei start）会补上。", en: "jingwei start applies them." },
  };
}

/** By how much the database's clock surely differs from this machine's, ms: the answer may have been long on its way. */
async function surelyApart(database: Database, now: () => number): Promise<number> {
  const before = now();
  const clock = await databaseClock(database);
  return Math.max(0, before - clock, clock - now());
}

async function checkClocks(database: Database, now: () => number): Promise<HealthFinding> {
  const base = { id: "clocks", name: { zh: "时钟一致", en: "clocks" } };
  const drift = await surelyApart(database, now);
  const nowMs = now();
  const advice = { zh: "两台机器都用校时服务（NTP）校准。", en: "Keep both machines right with NTP." };
  if (drift > CLOCK_DRIFT_MS) {
    const seconds = (drift / 1000).toFixed(0);
    const detail = { zh: `数据库的时钟相差 ${seconds} 秒`, en: `the database's clock differs by ${seconds} s` };
    return { ...base, level: "fault", detail, advice };
  }
  const newest = await newestWrite(database);
  if (newest !== undefined && newest > nowMs + AHEAD_MS) {
    const by = ago(newest - nowMs);
    return {
      ...{ ...base, level: "fault" },
      detail: {
        zh: `库里已有比现在晚 ${by.zh}的记录：这台机器的时钟慢了`,
        en: `what was written last is ${by.en} ahead of now: this machine's clock is slow`,
      },
      advice: {
        zh: "把这台机器的时间调对，并用校时服务（NTP）保持。",
        en: "Set the system clock, and keep it right with NTP.",
      },
    };
  }
  return {
    ...{ ...base, level: "ok" },
    detail: { zh: "与数据库一致", en: "as the database's" },
  };
}

async function checkIndexes(database: Database): Promise<HealthFinding> {
  const base = { id: "indexes", name: { zh: "索引", en: "indexes" } };
  const { expected, missing } = await missingIndexes(database);
  if (missing.length === 0) {
    const [scanned] = await scannedTables(database);
    if (!scanned)
      return {
        ...{ ...base, level: "ok" },
        detail: { zh: `${expected} 个都在并可用`, en: `all ${expected} there and valid` },
      };
    const { table, whole, indexed } = scanned;
    return {
      ...{ ...base, level: "note" },
      detail: {
        zh: `${expected} 个都在；${table} 从头读了 ${whole} 次，按索引 ${indexed} 次`,
        en: `all ${expected} there; ${table} was read whole ${whole} times, by index ${indexed} times`,
      },
      advice: { zh: "在数据库上运行 ANALYZE；仍如此请报告。", en: "Run ANALYZE; if it goes on, report it." },
    };
  }
  const names = missing.map(({ name }) => name).join(", ");
  return {
    ...{ ...base, level: "fault" },
    detail: { zh: `缺 ${names}：查询会变慢`, en: `missing or invalid: ${names}; questions become slow` },
    advice: {
      zh: "停下服务，运行 jingwei doctor --mend，会重新建好。",
      en: "Stop the server and run jingwei doctor --mend, which makes them anew.",
    },
  };
}

/** What to do about versions below the floor (data rule 13): somebody changed them under the running server. */
function versionFault(postgres: string, postgis: string): Words | undefined {
  const fault = belowFloor(Number.parseInt(postgres, 10), postgis);
  return (
    fault && {
      zh: `${fault.message}：请安装 PostgreSQL 15 以上、PostGIS 3.3 以上，再在库里执行 ALTER EXTENSION postgis UPDATE。数据不受影响。`,
      en: `${fault.message}. ${fault.hint ?? ""} Then run ALTER EXTENSION postgis UPDATE there. The data is not affected.`,
    }
  );
}

/** What can be known of an open database whoever asks, the command line or the server. @param now the clock, epoch ms */
export async function checkDatabase(database: Database, now: () => number): Promise<readonly HealthFinding[]> {
  const { form, postgres, postgis, location, survivesPowerLoss, durability } = await database.describe();
  const tooOld = versionFault(postgres, postgis);
  return [
    {
      ...{ id: "database", level: tooOld ? "fault" : "ok", name: { zh: "数据库", en: "database" } },
      detail: same(`${form}, PostgreSQL ${postgres}, PostGIS ${postgis}, ${location}`),
      ...(tooOld ? { advice: tooOld } : {}),
    },
    {
      ...{ id: "durability", level: survivesPowerLoss ? "ok" : "note", name: { zh: "持久性", en: "durability" } },
      detail: {
        zh: survivesPowerLoss
          ? "提交先落盘再确认：进程被杀不丢，模拟断电 20 次不丢（以磁盘如实落盘为准）"
          : "断电可能丢失最后的写入；重要数据请用独立的数据库服务器",
        en: durability,
      },
    },
    await checkMigrations(database),
    ...(form === "native" ? [await checkLogin(database)] : []),
    await checkClocks(database, now),
    await checkIndexes(database),
  ];
}
