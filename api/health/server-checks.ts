import type { Feed } from "../feed/feed.ts";
import type { HotCounties } from "../hot/hot-counties.ts";
import type { HealthFinding } from "./finding.ts";

/** The feed looks twice a second; screens call it lost before 10 s are over, ms. */
export const FEED_DEAD_MS = 8_000;
/** A county's cases are asked about twice a minute; without an answer for so long the check itself is at fault, ms. */
const CHECK_SILENT_MS = 600_000;

const RESTART = {
  zh: "看服务日志里的原因；数据库恢复后会自己接上，否则重启服务。",
  en: "See the server's log; it goes on by itself once the database answers, otherwise restart the server.",
};

/** Whether changes reach the screens. */
export function checkFeed(feed: Pick<Feed, "age">): HealthFinding {
  const base = { id: "feed", name: { zh: "变更推送", en: "live feed" } };
  const { age } = feed;
  if (age === undefined) return { ...base, level: "note", detail: { zh: "还没有开始", en: "has not begun" } };
  const seconds = (age / 1000).toFixed(1);
  const detail = { zh: `${seconds} 秒前查过变更`, en: `looked for changes ${seconds} s ago` };
  return age < FEED_DEAD_MS ? { ...base, level: "ok", detail } : { ...base, level: "fault", detail, advice: RESTART };
}

/** Whether the cases in memory are those of the database. */
export function checkHotColumns({ counts, lastChecked }: HotHealth, nowMs: number): HealthFinding {
  const base = { id: "hot", name: { zh: "内存中的事件", en: "cases in memory" } };
  const { checks, mismatches } = counts;
  if (lastChecked === undefined) return { ...base, level: "ok", detail: { zh: "还没有抽查过", en: "not checked yet" } };
  const seconds = Math.round((nowMs - lastChecked.at) / 1000);
  const detail = {
    zh: `${seconds} 秒前抽查，共 ${checks} 次，不一致 ${mismatches} 次`,
    en: `checked ${seconds} s ago, ${checks} times in all, ${mismatches} different`,
  };
  if (lastChecked.result === "different")
    return {
      ...{ ...base, level: "fault", detail },
      advice: {
        zh: "最近一次不一致，已从数据库重新读入；若反复出现，请保存日志并报告，可先设 HOT_MEMORY_MB=0。",
        en: "The last one differed and was loaded anew from the database; if it comes again keep the log and report it, and set HOT_MEMORY_MB=0 meanwhile.",
      },
    };
  if (nowMs - lastChecked.at > CHECK_SILENT_MS) return { ...base, level: "fault", detail, advice: RESTART };
  return { ...base, level: "ok", detail };
}

/** What is known of the checks of the cases in memory. */
export type HotHealth = Pick<HotCounties, "counts" | "lastChecked">;
