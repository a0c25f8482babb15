import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { startCommand } from "../../api/cli/commands/start.ts";
import { loadConfig } from "../../api/config.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-deploy-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const unit = readFileSync("deploy/jingwei.service", "utf8");
const compose = readFileSync("deploy/compose.yaml", "utf8");

/** Values of the unit's key, in its order. */
const settings = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);

/** The environment of a service in the compose file: lines of one indentation below `environment:`. */
function environmentOf(service: string): Record<string, string> {
  const [, part = ""] = new RegExp(`^  ${service}:\\n((?: {4}.*\\n)+)`, "m").exec(compose) ?? [];
  const [, lines = ""] = /^ {4}environment:\n((?: {6}\S.*\n)+)/m.exec(part) ?? [];
  return Object.fromEntries(
    [...lines.matchAll(/^ {6}([A-Z_]+): "?([^"\n]*)"?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const parsed = (words: readonly string[]) => parseArgs({ args: [...words], options: startCommand.options });

describe("what deploy/ brings", () => {
  it("a unit whose settings and words the program takes", () => {
    const environment = Object.fromEntries(settings("Environment").map((pair) => pair.split("=") as [string, string]));
    expect(loadConfig(environment)).toMatchObject({ dir: "/var/lib/jingwei", host: "0.0.0.0", port: 8443 });
    expect(settings("ReadWritePaths")).toContain(environment["JINGWEI_DIR"]);
    const [program, command, ...words] = settings("ExecStart")[0]?.split(" ") ?? [];
    expect([program, command]).toEqual(["/opt/jingwei/current/jingwei", "start"]);
    expect(parsed(words).values).toEqual({ demo: "none" });
  });

  it.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)("a unit in which systemd finds no fault", () => {
    const file = join(dir, "jingwei.service");
    // The program and its user are not on this machine.
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true").replace(/^User=.*$/m, "User=daemon"));
    const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
  });

  it("a compose file whose settings and words the program takes", () => {
    const server = environmentOf("server");
    const given = JSON.stringify(server).replaceAll(/\$\{POSTGRES_PASSWORD:\?[^}]*\}/g, "secret");
    const config = loadConfig(JSON.parse(given) as Record<string, string>);
    expect(config).toMatchObject({ dir: "/data", host: "0.0.0.0", port: 8443 });
    const url = new URL(config.databaseUrl ?? "");
    const database = environmentOf("database");
    expect([url.hostname, url.username, url.pathname.slice(1)]).toEqual([
      "database",
      database["POSTGRES_USER"],
      database["POSTGRES_DB"],
    ]);
    const [, list = ""] = /^ {4}command: (\[.*\])$/m.exec(compose) ?? [];
    const [program, command, ...words] = JSON.parse(list) as string[];
    expect([program, command]).toEqual(["/opt/jingwei/jingwei", "start"]);
    expect(parsed(words).values).toEqual({ demo: "none" });
    for (const place of [server["JINGWEI_DIR"], server["BACKUP_DIR"], "/opt/jingwei:ro"])
      expect(compose).toMatch(new RegExp(`^ {6}- \\S+:${place}$`, "m"));
    expect(compose).toContain(`"${server["PORT"]}:${server["PORT"]}"`);
  });
});
