import { maskFreeText } from "../policy/free-text.ts";

/** One kind of line or feature that was left out. */
export interface SkipGroup {
  readonly reason: string;
  readonly count: number;
  /** At most `MAX_SAMPLES`. */
  readonly samples: readonly SkipSample[];
}

export interface SkipSample {
  /** `file.csv:42` (line, header = 1) or `file.geojson#3` (feature, first = 1). */
  readonly at: string;
  readonly value: string;
  readonly message: string;
}

/** Something loaded that a person should know about. */
export interface ImportFlag {
  readonly kind: string;
  readonly count: number;
  readonly message: string;
}

/** The report of an import (DESIGN section 3, contract): the same object on screen, in `--json` and in `import_batch`. */
export interface ImportReport {
  readonly kind: string;
  readonly county: string;
  readonly read: number;
  readonly loaded: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: readonly SkipGroup[];
  readonly flags: readonly ImportFlag[];
  readonly crs: string;
  readonly seconds: number;
}

/** Samples kept for each reason: enough to find the fault, small enough for any file. */
export const MAX_SAMPLES = 5;
const MAX_VALUE_LENGTH = 120;

/** Told of a line or feature that is left out, as it stands in the file. */
export type SkipListener = (reason: string, sample: SkipSample, cells?: readonly string[]) => void;

/** Collects what was skipped and what was flagged; its memory does not grow with the file. */
export class ImportLog {
  readonly #skips = new Map<string, { count: number; samples: SkipSample[] }>();
  readonly #flags = new Map<string, { count: number; message: string }>();

  /** @param onSkip told of each skip: the report keeps some samples, masked */
  constructor(readonly onSkip?: SkipListener | undefined) {}

  /** @param cells of a row that has too few or too many for its header, for whoever corrects it */
  skip(reason: string, sample: SkipSample, cells?: readonly string[]): void {
    this.onSkip?.(reason, sample, cells);
    const group = this.#skips.get(reason) ?? { count: 0, samples: [] };
    group.count++;
    if (group.samples.length < MAX_SAMPLES) {
      // The report is kept and shown: what names a resident does not go on with the value at fault.
      group.samples.push({ ...sample, value: shorten(maskFreeText(sample.value).text) });
    }
    this.#skips.set(reason, group);
  }

  /** Adds to a flag; the first message stays. */
  flag(kind: string, message: string, count = 1): void {
    const flag = this.#flags.get(kind);
    if (flag) flag.count += count;
    else this.#flags.set(kind, { count, message });
  }

  /** How many were skipped for a reason. */
  skips(reason: string): number {
    return this.#skips.get(reason)?.count ?? 0;
  }

  skipped(): SkipGroup[] {
    return [...this.#skips].map(([reason, group]) => ({ reason, ...group }));
  }

  flags(): ImportFlag[] {
    return [...this.#flags].map(([kind, flag]) => ({ kind, ...flag }));
  }
}

const shorten = (value: string): string =>
  value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;

/** The report as people read it: totals, what was skipped and where, what to look at. */
export function formatReport(report: ImportReport, options: { readonly dryRun: boolean }): string {
  const skipped = report.skipped.reduce((sum, group) => sum + group.count, 0);
  const lines = [
    `${options.dryRun ? "试运行 dry run, nothing written: " : ""}${report.kind} → ${report.county}`,
    `  读取 read ${report.read}  新增 loaded ${report.loaded}  更新 updated ${report.updated}  未变 unchanged ${report.unchanged}  跳过 skipped ${skipped}`,
    `  坐标系 crs ${report.crs}  用时 ${report.seconds.toFixed(1)} s`,
  ];
  for (const group of report.skipped) {
    lines.push(`  跳过 skipped ${group.count} × ${group.reason}`);
    for (const sample of group.samples)
      lines.push(`    ${sample.at}: ${sample.message} (${JSON.stringify(sample.value)})`);
  }
  for (const flag of report.flags) lines.push(`  注意 note ${flag.kind} × ${flag.count}: ${flag.message}`);
  return lines.join("\n");
}
