// What the tests need beside npm's packages: a browser with Chinese fonts, PostgreSQL with PostGIS, GDAL's programs as
// clients that nobody here wrote, and systemd's check of units.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const hasPostgis = () => {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
  return versions.some(
    (version) =>
      existsSync(`/usr/lib/postgresql/${version}/bin/initdb`) &&
      existsSync(`/usr/share/postgresql/${version}/extension/postgis.control`),
  );
};

const hasChineseFont = () => {
  const found = spawnSync("fc-list", [":lang=zh-cn"], { encoding: "utf8" });
  return found.status === 0 && found.stdout.trim().length > 0;
};

const hasGdal = () => spawnSync("ogr2ogr", ["--version"]).status === 0;

const hasSystemdAnalyze = () => spawnSync("systemd-analyze", ["--version"]).status === 0;

const needs = [
  { name: "Chromium", packages: ["chromium"], present: () => existsSync("/usr/bin/chromium") },
  {
    name: "a Chinese font",
    packages: ["fonts-noto-cjk", "fonts-noto-core", "fontconfig"],
    present: hasChineseFont,
  },
  {
    name: "PostgreSQL with PostGIS",
    packages: ["postgresql", "postgresql-postgis"],
    present: () => Boolean(process.env.DATABASE_URL) || hasPostgis(),
  },
  { name: "GDAL's programs", packages: ["gdal-bin"], present: hasGdal },
  { name: "systemd-analyze", packages: ["systemd"], present: hasSystemdAnalyze },
];

/** Installs what is missing on Debian as root, printing the command first; otherwise says what to install. */
export function ensureSystemPackages() {
  const missing = needs.filter((need) => !need.present());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const command = ["apt-get", "install", "-y", "--no-install-recommends", ...packages];
  const canInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!canInstall) {
    console.error(`Missing for some tests: ${missing.map((need) => need.name).join(", ")}.`);
    console.error(`Install them as root: apt-get update && ${command.join(" ")}`);
    console.error(
      "Until then the tests that need them are skipped and counted as skipped; in CI (CI=true) each counts as failed.",
    );
    return;
  }
  const options = {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  for (const args of [["apt-get", "update"], command]) {
    console.error(`+ ${args.join(" ")}`);
    try {
      execFileSync(args[0], args.slice(1), options);
    } catch {
      console.error(
        `"${args.join(" ")}" failed: the tests that need ${packages.join(", ")} are skipped; in CI each of them counts as failed.`,
      );
      return;
    }
  }
}
