// Runs in a process of its own, started by client-build.ts with the package's root as working folder.
import { build } from "vite";

await build({
  configFile: "vite.config.ts",
  mode: "production",
  logLevel: "warn",
  build: { outDir: process.argv[2], emptyOutDir: true },
});
