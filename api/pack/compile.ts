import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bugError } from "../../data/model/errors.ts";
import { SERVER_FOLDERS } from "./server-packages.ts";

/**
 * Writes the server's TypeScript as JavaScript, file by file in the same folders, so that an archive needs no loader: no
 * native compiler per platform, and nothing is compiled anew at each start. What it says is checked elsewhere (`npm test`).
 *
 * @returns a temporary folder with the same folders as the program; the caller removes it
 */
export function compileServer(root: string): string {
  const out = mkdtempSync(join(tmpdir(), "jingwei-pack-"));
  const config = join(out, "tsconfig.json");
  const settings = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      outDir: out,
      rootDir: root,
      rewriteRelativeImportExtensions: true,
      types: [],
    },
    include: SERVER_FOLDERS.map((folder) => join(root, folder)),
  };
  writeFileSync(config, JSON.stringify(settings));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", config], { encoding: "utf8" });
  rmSync(config, { force: true });
  if (status === 0) return out;
  rmSync(out, { recursive: true, force: true });
  throw bugError(`the server's sources could not be compiled:\n${stdout}${stderr}`.trim(), {
    hint: "Run npm install, then npm run typecheck.",
  });
}
