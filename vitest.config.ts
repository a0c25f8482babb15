import { defineConfig } from "vitest/config";

/**
 * In CI a test against sockets, processes or a browser is tried again before it counts as failed (in a browser twice), and the run says
 * which ones needed it. At a desk nothing is tried again.
 */
const AGAIN = process.env["CI"] ? { retry: 1 } : {};
const NATIVE = { globalSetup: ["tests/helpers/native-postgres.ts"] };

const project = (name: string, options: Record<string, unknown> = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    environment: "node",
    setupFiles: ["tests/helpers/property-seed.ts"],
    // One copy of graphql, the one that Apollo Server and Node load: its type checks refuse a second.
    alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
    // A failure seen once says what it was: `[ Array(1) ]` does not.
    chaiConfig: { truncateThreshold: 400 },
    testTimeout: 60_000,
    hookTimeout: 180_000,
    ...options,
  },
});

/** One project per layer of tests; those that open a database or a browser run one file at a time. */
export default defineConfig({
  test: {
    projects: [
      // Pure code: modules are loaded once for all files, which is a fifth of the time of this layer.
      project("unit", { include: ["tests/unit/**/*.test.{ts,tsx}", "tests/architecture.test.ts"], isolate: false }),
      project("db", { fileParallelism: false, ...NATIVE }),
      project("api", { fileParallelism: false, isolate: false, ...NATIVE, ...AGAIN }),
      project("fault", { fileParallelism: false, ...NATIVE, ...AGAIN }),
      project("render", {
        fileParallelism: false,
        testTimeout: 180_000,
        globalSetup: ["tests/helpers/render-setup.ts"],
      }),
      project("e2e", {
        fileParallelism: false,
        testTimeout: 240_000,
        isolate: false,
        globalSetup: ["tests/helpers/client-setup.ts"],
        ...(process.env["CI"] ? { retry: 2 } : {}),
      }),
    ],
  },
});
