import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** True totals of a run: what `tests/run.mjs` prints last. */
export interface Totals {
  passed: number;
  failed: number;
  /** Reason of a skip → how often. */
  skipped: Record<string, number>;
}

/** Counts tests, and every file that could not be collected as one failure; writes them to `TEST_TOTALS_FILE`. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const totals: Totals = { passed: 0, failed: unhandledErrors.length, skipped: {} };
    for (const module of modules) {
      totals.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") totals.passed++;
        else if (result.state === "skipped") {
          const reason = result.note ?? "switched off";
          totals.skipped[reason] = (totals.skipped[reason] ?? 0) + 1;
        } else totals.failed++;
      }
      for (const suite of module.children.allSuites()) totals.failed += suite.errors().length;
    }
    const file = process.env["TEST_TOTALS_FILE"];
    if (file) writeFileSync(file, JSON.stringify(totals));
  }
}
