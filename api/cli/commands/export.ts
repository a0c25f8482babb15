import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EXPORT_FORMATS, EXPORT_KINDS, isExportFormat, isExportKind } from "../../../data/exporters/registry.ts";
import { notFound } from "../../../data/model/errors.ts";
import { findCounty } from "../../../db/repositories/county-repository.ts";
import { asFileError } from "../../services/importing/input-files.ts";
import {
  type Command,
  DATABASE_OPTIONS,
  EXIT,
  printResult,
  requiredFlag,
  textFlag,
  UsageError,
  withDatabase,
} from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

const USAGE = `jingwei export KIND --county CODE --format ${EXPORT_FORMATS.join("|")} [--as-of DATE] [-o FILE] [--json]

  KIND      ${EXPORT_KINDS.join(" ")}
  --county  six-digit code
  --format  geojson, csv, xlsx (formatted, at most 100,000 rows) or gpkg (GeoPackage); WGS 84
  --as-of   boundaries as they were on a date (YYYY-MM-DD); cases opened until then
  --area    code of a town, community or grid: only what lies in it
  --level   areas of one level: county, town, community, grid or micro
  --from, --to, --class, --state, --severity, --source   cases opened in a window, of classes (02003 or 02), in states
            (closed,void), of severities and from channels
  --late    true or false: cases that are or were late, or the others
  -o        the file; default jingwei-AREA-KIND-DATE in the current folder
  --json    what was written, as one JSON document
  --dir     folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

Each file says where its data is from, who took it and when; the audit log says it too. Import reads them again.`;

export const exportCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    county: { type: "string" },
    format: { type: "string" },
    "as-of": { type: "string" },
    area: { type: "string" },
    level: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    class: { type: "string" },
    state: { type: "string" },
    severity: { type: "string" },
    source: { type: "string" },
    late: { type: "string" },
    output: { type: "string", short: "o" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    const [kind, ...extra] = call.positionals;
    if (kind === undefined) throw new UsageError("KIND is missing");
    if (!isExportKind(kind)) throw new UsageError(`"${kind}" is not a kind that can be exported`);
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    const county = requiredFlag(call, "county");
    requireCountyCode(county, "--county");
    const format = requiredFlag(call, "format");
    if (!isExportFormat(format))
      throw new UsageError(`"${format}" is not a format`, `One of ${EXPORT_FORMATS.join(", ")}.`);
    const wish = {
      kind,
      format,
      county,
      area: textFlag(call, "area"),
      level: textFlag(call, "level"),
      asOf: textFlag(call, "as-of"),
      from: textFlag(call, "from"),
      to: textFlag(call, "to"),
      classes: textFlag(call, "class"),
      states: textFlag(call, "state"),
      severities: textFlag(call, "severity"),
      sources: textFlag(call, "source"),
      late: textFlag(call, "late"),
    };
    const { takeExport } = await import("../../services/exporting/take-export.ts");
    const written = await withDatabase(call, io, async ({ database }) => {
      const scope = { kind: "county", county } as const;
      const profile = await database.transaction(scope, (tx) => findCounty(tx, county));
      if (!profile) throw notFound(`there is no county ${county}`, { at: "--county", hint: "jingwei county list" });
      const audited = { actor: "cli", actorName: null, role: null, address: null };
      const taken = await takeExport({ database, scope, viewer: undefined, audited, nowMs: io.now() }, profile, wish);
      const file = textFlag(call, "output") ?? taken.fileName;
      await writeWhole(file, taken.bytes);
      return { kind, county, format, file, rows: taken.rows, asOf: taken.asOf };
    });
    printResult(call, io, written, `${written.file}: ${written.rows} ${kind}, 数据时点 as of ${written.asOf}`);
    return EXIT.done;
  },
};

/** Writes beside the file and moves it into place, so that no half file ever bears its name. */
async function writeWhole(file: string, bytes: AsyncIterable<string | Uint8Array>): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(bytes), createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw asFileError(error, file);
  }
}
