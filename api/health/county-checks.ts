import type { Database } from "../../db/driver.ts";
import { countCounty, listCounties } from "../../db/import/county-admin.ts";
import { countedByRollups } from "../../db/rollups/rebuild.ts";
import { type HealthFinding, same } from "./finding.ts";

/** Counties with what they hold, and whether their sums agree. Counts every case: for the command line. */
export async function checkCounties(database: Database): Promise<readonly HealthFinding[]> {
  const counties = await listCounties(database);
  if (counties.length === 0)
    return [
      {
        ...{ id: "counties", level: "note", name: { zh: "县区", en: "counties" }, detail: { zh: "没有", en: "none" } },
        advice: same("jingwei county add, jingwei demo add zuoyun"),
      },
    ];
  const findings: HealthFinding[] = [];
  for (const { code, name, timezone, demo } of counties) {
    const { areas, incidents } = await countCounty(database, code);
    const counted = await database.transaction({ kind: "loader", county: code }, (tx) => countedByRollups(tx, code));
    if (counted !== incidents)
      findings.push({
        ...{ id: "rollups", level: "fault" },
        name: { zh: `${name} ${code} 汇总`, en: "roll-ups" },
        detail: { zh: `汇总数 ${counted}，事件 ${incidents}`, en: `count ${counted} of ${incidents} incidents` },
        advice: {
          zh: `jingwei rollup verify --county ${code} 查差在哪里，jingwei rollup rebuild 重新汇总。`,
          en: `jingwei rollup verify --county ${code} says where, jingwei rollup rebuild counts them anew.`,
        },
      });
    const empty = areas === 0;
    findings.push({
      ...{ id: "county", level: empty ? "note" : "ok", name: same(`${name} ${code}`) },
      detail: {
        zh: `${areas} 个区域，${incidents} 件事件，${timezone}${demo ? "，演示数据" : ""}`,
        en: `${areas} areas, ${incidents} incidents, ${timezone}${demo ? ", 演示数据 synthetic" : ""}`,
      },
      ...(empty ? { advice: same(`jingwei import areas FILE --county ${code} --level LEVEL`) } : {}),
    });
  }
  return findings;
}
