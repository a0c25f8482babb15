import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { HealthFinding } from "./finding.ts";

const PROGRAM = { id: "program", name: { zh: "程序文件", en: "program files" } };
const AGAIN = {
  zh: "重新解包同一个安装包到新的文件夹，从那里启动；数据不在程序文件夹里。",
  en: "Unpack the same archive again into a new folder and start from there; the data lies elsewhere.",
};
/** Files that are named in a finding. */
const NAMED = 3;

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Every file of the program against the list that its archive brought; what lies there besides would run too. */
async function differences(folder: string, list: string): Promise<{ readonly files: number; readonly bad: string[] }> {
  const listed = new Map<string, string>();
  for (const line of list.split("\n")) if (line !== "") listed.set(line.slice(66), line.slice(0, 64));
  const bad: string[] = [];
  for (const [path, hash] of listed) {
    const found = await hashOf(join(folder, path)).catch(() => undefined);
    if (found !== hash) bad.push(path);
  }
  for (const part of ["app", "runtime"])
    for (const entry of await readdir(join(folder, part), { recursive: true, withFileTypes: true })) {
      const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
      if (!entry.isDirectory() && !listed.has(path)) bad.push(path);
    }
  return { files: listed.size, bad };
}

/**
 * Whether the files of an unpacked archive are those that were packed.
 *
 * @param root folder of the program (`app` of an archive)
 * @returns nothing where there is no list beside it: in a checkout
 */
export async function checkProgram(root: string): Promise<readonly HealthFinding[]> {
  const folder = join(root, "..");
  const list = join(folder, "SHA256SUMS");
  if (!existsSync(list) || !existsSync(join(folder, "release.json"))) return [];
  const { files, bad } = await differences(folder, await readFile(list, "utf8"));
  if (bad.length === 0)
    return [
      { ...PROGRAM, level: "ok", detail: { zh: `${files} 个文件与安装包一致`, en: `${files} files are as packed` } },
    ];
  const names = `${bad.slice(0, NAMED).join(", ")}${bad.length > NAMED ? " …" : ""}`;
  return [
    {
      ...{ ...PROGRAM, level: "fault", advice: AGAIN },
      detail: {
        zh: `${bad.length} 个文件与安装包不同：${names}`,
        en: `${bad.length} files are not as packed: ${names}`,
      },
    },
  ];
}
