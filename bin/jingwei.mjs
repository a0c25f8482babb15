#!/usr/bin/env node
import { existsSync } from "node:fs";

// Plain JavaScript that any Node can parse: it must be able to say that Node is too old.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `经纬需要 Node.js 20.19 或更新版本，当前为 ${process.versions.node}。\n` +
      `Jingwei needs Node.js 20.19 or newer; this is ${process.versions.node}. Get it from https://nodejs.org\n`,
  );
  process.exit(2);
}
// An archive brings JavaScript; a checkout its TypeScript, and tsx to run it.
const compiled = new URL("../api/cli/main.js", import.meta.url);
if (!existsSync(compiled)) (await import("tsx/esm/api")).register();
const { main } = await import(existsSync(compiled) ? compiled.href : "../api/cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
