import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** True totals of a run: what `tests/run.mjs` prints last. */
export interface Totals {
  passed: number;
  failed: number;
  /** Reason of a skip → how often. */
  skipped: Record<string, number>;
  /** Tests that failed, with the first line of why. */
  failures: string[];
  /** Tests that passed at the second try only. */
  unsteady: string[];
}

/** Counts tests, and every file that could not be collected as one failure; writes them to `TEST_TOTALS_FILE`. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const totals: Totals = { passed: 0, failed: unhandledErrors.length, skipped: {}, failures: [], unsteady: [] };
    const why = (errors: readonly { readonly message?: string }[] | undefined): string =>
      errors?.[0]?.message?.split("\n", 1)[0]?.slice(0, 300) ?? "";
    for (const module of modules) {
      totals.failed += module.errors().length;
      for (const error of module.errors()) totals.failures.push(`${module.moduleId}: ${why([error])}`);
      for (const test of module.children.allTests()) {
        const result = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (result.state === "failed") totals.failures.push(`${name}: ${why(result.errors)}`);
        if (test.diagnostic()?.flaky) totals.unsteady.push(`${name}: ${why(result.errors)}`);
        if (result.state === "passed") totals.passed++;
        else if (result.state === "skipped") {
          const reason = result.note ?? "switched off";
          totals.skipped[reason] = (totals.skipped[reason] ?? 0) + 1;
        } else totals.failed++;
      }
      for (const suite of module.children.allSuites()) {
        totals.failed += suite.errors().length;
        for (const error of suite.errors()) totals.failures.push(`${suite.fullName}: ${why([error])}`);
      }
    }
    for (const error of unhandledErrors) totals.failures.push(`unhandled: ${why([error as Error])}`);
    const file = process.env["TEST_TOTALS_FILE"];
    if (file) writeFileSync(file, JSON.stringify(totals));
  }
}
