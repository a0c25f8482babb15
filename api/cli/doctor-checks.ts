import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "../../data/model/errors.ts";
import type { Database } from "../../db/driver.ts";
import { mendIndexes } from "../../db/expected-indexes.ts";
import { checkCounties } from "../health/county-checks.ts";
import { checkDatabase } from "../health/database-checks.ts";
import { checkBackup, checkCertificate } from "../health/file-checks.ts";
import { type HealthContext, type HealthFinding, type PrintedFinding, same } from "../health/finding.ts";
import { MACHINE_CHECKS } from "../health/machine-checks.ts";
import { checkProgram } from "../health/program-check.ts";
import { clientState, PACKAGE_ROOT } from "./client-build.ts";
import type { CommandIo } from "./command.ts";
import { checkPort } from "./port-check.ts";

/** One line of the doctor's. */
export type Finding = PrintedFinding;

export interface DoctorContext extends HealthContext {
  readonly io: CommandIo;
  readonly host: string;
  readonly port: number;
  /** Indexes that are missing are made anew. */
  readonly mend: boolean;
}

type Check = (context: DoctorContext) => Promise<readonly HealthFinding[]>;

const checkClient: Check = async () => {
  const base = { id: "client", name: { zh: "网页", en: "browser client" } };
  const { state } = await clientState();
  if (state === "fresh")
    return [{ ...base, level: "ok", detail: { zh: "与程序一致", en: "built from these sources" } }];
  const advice = { zh: "jingwei start 会生成。", en: "jingwei start builds it." };
  return [{ ...base, level: "note", detail: same(state), advice }];
};

const DATABASE = { id: "database", name: { zh: "数据库", en: "database" } };

const checkOpened: Check = async ({ dir, url, io, mend }) => {
  if (!url && !existsSync(join(dir, "pgdata", "PG_VERSION"))) {
    const detail = { zh: `${resolve(dir)} 里还没有`, en: `none yet in ${resolve(dir)}` };
    const advice = {
      zh: "jingwei start 或 jingwei county add 会建。",
      en: "jingwei start, or jingwei county add, makes it.",
    };
    return [{ ...DATABASE, level: "note", detail, advice }];
  }
  let database: Database;
  try {
    ({ database } = await io.openDatabase(dir));
  } catch (error) {
    if (!(error instanceof AppError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    const { code, hint } = error instanceof AppError ? error : { code: "", hint: undefined };
    const { message } = error as Error;
    // A folder in use is a running server, most of the time: nothing is wrong with it.
    const level = code === "CONFLICT" ? "note" : "fault";
    const advice = same(hint ?? "See that the database server runs and that DATABASE_URL is right.");
    return [{ ...DATABASE, level, detail: same(message), advice }];
  }
  try {
    const made = mend ? await mendIndexes(database) : [];
    return [...(await checkDatabase(database, io.now)), ...mended(made), ...(await checkCounties(database))];
  } finally {
    await database.close();
  }
};

const mended = (names: readonly string[]): readonly HealthFinding[] =>
  names.length === 0
    ? []
    : [{ id: "mended", level: "ok", name: { zh: "已修复", en: "mended" }, detail: same(names.join(", ")) }];

/** In the order in which a person would look. */
export const DOCTOR_CHECKS: readonly Check[] = [
  ...MACHINE_CHECKS,
  checkCertificate,
  checkBackup,
  checkPort,
  () => checkProgram(PACKAGE_ROOT),
  checkClient,
  checkOpened,
];
