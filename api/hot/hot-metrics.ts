import { Counter, Gauge, type Registry } from "prom-client";
import type { HotCounties, HotCounts } from "./hot-counties.ts";

/** Tells `/metrics` of the cases in memory: how many, how large, how far behind, how often loaded and checked. */
export function hotMetrics(registry: Registry, hot: HotCounties): void {
  const gauge = (name: string, help: string, value: (county: ReturnType<typeof loaded>[number]) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ["county"],
      registers: [registry],
      collect() {
        this.reset();
        for (const county of loaded()) this.set({ county: county.county }, value(county));
      },
    });
  };
  const loaded = () => [...hot.loaded()].flatMap(({ county }) => county ?? []);
  gauge("jingwei_hot_rows", "Cases held in memory.", ({ columns }) => columns.count);
  gauge(
    "jingwei_hot_bytes",
    "Bytes of the cases held in memory, and of the counts and copies beside them.",
    ({ bytes }) => bytes,
  );
  gauge("jingwei_hot_live_version", "Live version that the cases in memory are exact for.", (one) => one.liveVersion);
  gauge(
    "jingwei_hot_version_lag",
    "Versions by which the cases in memory were behind the database when changes were read last.",
    ({ lastLag }) => lastLag,
  );
  const counter = (name: string, help: string, key: keyof HotCounts): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(hot.counts[key]);
      },
    });
  };
  counter("jingwei_hot_loads_total", "Loads of a county's cases into memory.", "loads");
  counter("jingwei_hot_checks_total", "Random questions answered from memory and by SQL.", "checks");
  counter("jingwei_hot_mismatches_total", "Checks whose answers differed: the county was loaded anew.", "mismatches");
}
