import { formatEdition, isEdition } from "../../../data/editions/edition-report.ts";
import { parseFieldMap } from "../../../data/importers/field-map.ts";
import type { ImportProgress } from "../../../data/importers/import-progress.ts";
import { IMPORT_KINDS, IMPORTERS, isImportKind } from "../../../data/importers/registry.ts";
import type { ImportReport } from "../../../data/importers/report.ts";
import { formatReport } from "../../../data/importers/report.ts";
import { AREA_LEVELS } from "../../../data/model/codes.ts";
import { AppError } from "../../../data/model/errors.ts";
import type { ImportJob } from "../../services/importing/import-job.ts";
import { requireReadable } from "../../services/importing/input-files.ts";
import type { LayerChoice } from "../../services/importing/open-layers.ts";
import { readDecisions } from "../../services/importing/read-decisions.ts";
import { IMPORT_RUNNERS } from "../../services/importing/registry.ts";
import { RejectedRows, writeRejected } from "../../services/importing/rejected-rows.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import {
  DATABASE_OPTIONS,
  EXIT,
  flag,
  printResult,
  requiredFlag,
  textFlag,
  UsageError,
  withDatabase,
} from "../command.ts";
import { requireCountyCode } from "../county-code.ts";
import { IMPORT_UNDO_USAGE, listImportsCommand, undoImportCommand } from "./import-undo.ts";

const USAGE = `jingwei import KIND FILE… --county CODE [--level LEVEL] [--crs CRS] [--map FIELD=COLUMN,…]
               [--layer NAME] [--layer-of-grids NAME] [--rejected FILE.csv] [--dry-run] [--json]
jingwei import areas|grids FILE… --county CODE --edition --effective DAY [--decisions FILE] [--dry-run] [--json]
${IMPORT_UNDO_USAGE}

  KIND, with its fields:
${IMPORT_KINDS.map((kind) => `    ${kind.padEnd(14)}${IMPORTERS[kind].fields.join(" ")}`).join("\n")}
  FILE       GeoJSON, GeoJSONL, shapefile (.shp or zip), GeoPackage, KML, KMZ, CSV, TSV, XLSX, also inside a zip;
             of cameras also the messages of a GB/T 28181 catalogue, all parts in one call; decided by content
  --county   six-digit code of a county that was added
  --level    ${AREA_LEVELS.join(" | ")}
  --crs      auto (default) | wgs84 | cgcs2000 | gcj02 | bd09 | EPSG:n
  --map      which column holds a field; what is not told is guessed from the header and said in the report
  --layer    the one layer, sheet or file within a zip to read (default: all; of a workbook the first sheet)
  --layer-of-grids  of KIND layers: the layer that its grids belong to, such as 综治网格, where no column names it
  --rejected where to write the rows that were left out, with the reason, to be corrected and imported again
  --repair   auto (default) | off: areas get common borders, gaps no wider than 5 m are closed, overlaps get one owner
  --edition  the file is a new edition of all areas of its level: says what was renamed, recoded, split, merged, added and
             removed, and applies it as new versions that hold from --effective (2026-12-01) on, 00:00 in the county's zone
  --decisions  what a person decided where that is not sure: JSON {"ID": "CHOICE"} or CSV with columns id, decision; ids
             and choices are those that --dry-run shows
  --dry-run  read, check and report, write nothing
  --json     the report as one JSON document
  --dir      folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

All files of one call go in together or not at all.`;

export const importCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    county: { type: "string" },
    level: { type: "string" },
    crs: { type: "string" },
    map: { type: "string" },
    layer: { type: "string" },
    "layer-of-grids": { type: "string" },
    rejected: { type: "string" },
    repair: { type: "string" },
    edition: { type: "boolean" },
    effective: { type: "string" },
    decisions: { type: "string" },
    "dry-run": { type: "boolean" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    const [kind, ...files] = call.positionals;
    if (kind === undefined) throw new UsageError("KIND is missing");
    if (kind === "undo") return undoImportCommand(call, io);
    if (kind === "list") return listImportsCommand(call, io);
    if (!isImportKind(kind)) throw new UsageError(`"${kind}" is not a kind that can be imported`);
    if (files.length === 0) throw new UsageError("FILE is missing");
    const county = requiredFlag(call, "county");
    requireCountyCode(county, "--county");
    const level = textFlag(call, "level");
    if (level !== undefined && !(AREA_LEVELS as readonly string[]).includes(level)) {
      throw new UsageError(`"${level}" is not a level`, `One of ${AREA_LEVELS.join(", ")}.`);
    }
    if (level !== undefined && kind !== "areas" && !(kind === "grids" && level === "grid")) {
      throw new UsageError(`--level does not go with ${kind}`);
    }
    const repair = textFlag(call, "repair") ?? "auto";
    if (repair !== "auto" && repair !== "off")
      throw new UsageError(`"${repair}" is not a way to repair`, "auto or off");
    const layerOfGrids = textFlag(call, "layer-of-grids");
    if (layerOfGrids !== undefined && kind !== "layers")
      throw new UsageError(`--layer-of-grids does not go with ${kind}`);
    const edition = await editionOf(call, kind);
    const dryRun = flag(call, "dry-run");
    const layer = textFlag(call, "layer");
    const rejectedTo = textFlag(call, "rejected");
    const rejected = new RejectedRows();
    const job = {
      county,
      files,
      dryRun,
      level: AREA_LEVELS.find((one) => one === level),
      crs: textFlag(call, "crs"),
      map: parseFieldMap(textFlag(call, "map"), IMPORTERS[kind].fields),
      layer,
      layerOfGrids,
      ...(rejectedTo === undefined ? {} : { onSkip: rejected.add.bind(rejected) }),
      repair: repair === "auto",
      edition,
      nowMs: io.now(),
      actor: "cli",
      options: {
        level: level ?? null,
        crs: textFlag(call, "crs") ?? null,
        map: textFlag(call, "map") ?? null,
        repair,
        ...(layerOfGrids === undefined ? {} : { layerOfGrids }),
        effective: edition?.effective ?? null,
      },
      onProgress: ({ message }: ImportProgress) => io.err(`  ${message}\n`),
    };
    for (const file of files) await requireReadable(file);
    const report: ImportReport = await withDatabase(call, io, ({ database }) =>
      IMPORT_RUNNERS[kind](database, job).catch((error: unknown) => {
        // What only the files could tell was missing on the command line.
        if (error instanceof AppError && error.at === "--level") throw new UsageError(error.message, error.hint);
        throw error;
      }),
    );
    if (rejectedTo !== undefined) await saveRejected(files, rejected, rejectedTo, { layer, kind }, io);
    const text = formatReport(report, { dryRun });
    printResult(
      call,
      io,
      report,
      isEdition(report)
        ? `${text}
${formatEdition(report)}`
        : text,
    );
    return EXIT.done;
  },
};

/** What `--edition` and its flags say; undefined without it. */
async function editionOf(call: CommandCall, kind: string): Promise<ImportJob["edition"]> {
  const effective = textFlag(call, "effective");
  const decisions = textFlag(call, "decisions");
  if (!flag(call, "edition")) {
    if (effective !== undefined || decisions !== undefined)
      throw new UsageError("--effective and --decisions go with --edition");
    return undefined;
  }
  if (kind !== "areas" && kind !== "grids") throw new UsageError(`--edition does not go with ${kind}`);
  if (effective === undefined) throw new UsageError("--effective is missing", "The day from which the edition holds.");
  return { effective, decisions: decisions === undefined ? new Map() : await readDecisions(decisions) };
}

async function saveRejected(
  files: readonly string[],
  rejected: RejectedRows,
  path: string,
  choice: LayerChoice,
  io: CommandIo,
): Promise<void> {
  if (rejected.size === 0) return io.err("没有跳过的行，未写文件 nothing was left out, no file was written\n");
  await writeRejected(files, rejected, path, choice);
  io.err(`${rejected.size} 行写入 rows written to ${path}\n`);
}
