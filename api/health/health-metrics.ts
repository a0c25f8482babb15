import { Gauge, type Registry } from "prom-client";
import { readBackupStatus } from "../backup/status.ts";
import { certificateEnds } from "./file-checks.ts";
import { HEALTH_LEVELS } from "./finding.ts";
import type { HealthWatch } from "./health-watch.ts";
import { freeDiskBytes } from "./machine-checks.ts";

/** Tells `/metrics` of the last look at the server's health, and of the figures that alerts are made of (`deploy/monitoring`). */
export function healthMetrics(
  registry: Registry,
  watch: HealthWatch,
  context: { readonly dir: string; readonly certificate: string | undefined },
  feed: { readonly age: number | undefined },
): void {
  new Gauge({
    name: "jingwei_health",
    help: "Worst finding of each check when it was looked at last: 0 well, 1 worth knowing, 2 needs somebody.",
    labelNames: ["check"],
    registers: [registry],
    collect() {
      this.reset();
      const worst = new Map<string, number>();
      for (const { id, level } of watch.last?.findings ?? [])
        worst.set(id, Math.max(worst.get(id) ?? 0, HEALTH_LEVELS.indexOf(level)));
      for (const [check, value] of worst) this.set({ check }, value);
    },
  });
  const gauge = (name: string, help: string, read: () => Promise<number | undefined> | number | undefined): void => {
    new Gauge({
      ...{ name, help, registers: [registry] },
      // With a label it can be absent: without one the library tells 0 for what is not known, and alerts would believe it.
      labelNames: ["of"],
      async collect() {
        this.reset();
        const value = await Promise.resolve()
          .then(read)
          .catch(() => undefined);
        if (value !== undefined) this.set({ of: "server" }, value);
      },
    });
  };
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
  gauge("jingwei_disk_free_bytes", "Bytes free where the data lies.", () => freeDiskBytes(context.dir));
  gauge("jingwei_feed_age_seconds", "How long ago changes were looked for.", () => seconds(feed.age));
  gauge("jingwei_certificate_end_timestamp_seconds", "When the served certificate ends.", async () =>
    seconds(await certificateEnds(context)),
  );
  gauge("jingwei_backup_timestamp_seconds", "Moment of the newest backup of all counties.", () => {
    const { last } = readBackupStatus(context.dir);
    return last ? Date.parse(last.takenAt) / 1000 : undefined;
  });
  gauge("jingwei_backup_verified_timestamp_seconds", "When the newest backup was read through last.", () => {
    const verified = readBackupStatus(context.dir).last?.verifiedAt;
    return verified ? Date.parse(verified) / 1000 : undefined;
  });
}
