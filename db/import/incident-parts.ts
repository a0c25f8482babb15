import type { CsvLine } from "../../data/importers/csv-tokenizer.ts";
import type { IncidentDraft, IncidentRowReader } from "../../data/importers/incident-rows.ts";
import type { IncidentSurvey } from "../../data/importers/incident-survey.ts";
import type { ImportLog } from "../../data/importers/report.ts";
import type { TakenDraft } from "./resolved-case.ts";

/** Some lines of one file and what reads them. */
export interface IncidentPiece {
  readonly reader: IncidentRowReader;
  readonly lines: readonly CsvLine[];
}

/** Lines that are written in one transaction. */
export interface IncidentPart {
  /** 0, 1, … */
  readonly number: number;
  /** Lines of all files together, from 0; half-open. */
  readonly firstLine: number;
  readonly endLine: number;
  readonly last: boolean;
  /** Those that are cases; of an id that comes again further on only the last. */
  readonly drafts: readonly TakenDraft[];
}

const PROGRESS_EVERY = 20_000;

/** The first pass: every line is looked at, none is judged. */
export async function surveyLines(
  pieces: AsyncIterable<IncidentPiece>,
  survey: IncidentSurvey,
  onLines: (lines: number) => void,
): Promise<void> {
  let told = 0;
  for await (const { reader, lines } of pieces) {
    // Lines that come again are read to see whether they are cases; what is wrong with them is said by the second pass.
    const silent = reader.silent();
    for (const { line, cells } of lines) {
      survey.see(reader.glance(cells), reader.placeOf(line), () => silent.read(cells, line) !== undefined);
    }
    if (survey.lines - told < PROGRESS_EVERY) continue;
    told = survey.lines;
    onLines(told);
  }
}

/**
 * The second pass: lines as drafts, in parts of equal size. At least one part, also of a file without lines.
 *
 * @param partLines lines of a part
 */
export async function* readParts(
  pieces: AsyncIterable<IncidentPiece>,
  survey: IncidentSurvey,
  log: ImportLog,
  partLines: number,
): AsyncGenerator<IncidentPart> {
  const parts = Math.max(1, Math.ceil(survey.lines / partLines));
  let drafts: TakenDraft[] = [];
  let ordinal = 0;
  let number = 0;
  const part = (): IncidentPart => ({
    number,
    firstLine: number * partLines,
    endLine: ordinal,
    last: number === parts - 1,
    drafts,
  });
  for await (const { reader, lines } of pieces) {
    for (const { line, cells } of lines) {
      const draft = reader.read(cells, line);
      const taken = draft && takenAs(draft, ordinal, survey, log);
      if (taken) drafts.push(taken);
      ordinal++;
      if (ordinal % partLines !== 0 || ordinal === survey.lines) continue;
      yield part();
      drafts = [];
      number++;
    }
  }
  yield part();
}

/** The draft under the id that it is known by; undefined where the id comes again: the newest in an export that appends. */
function takenAs(
  draft: IncidentDraft,
  ordinal: number,
  survey: IncidentSurvey,
  log: ImportLog,
): TakenDraft | undefined {
  if (draft.sourceRef === null) {
    const key = draft.contentKey ?? "";
    const nth = survey.copy(`\n${key}`);
    return { ...draft, sourceRef: `line:${key}${nth > 1 ? `#${nth}` : ""}` };
  }
  const later = survey.later(draft.sourceRef, ordinal);
  if (!later) return draft as TakenDraft;
  const message = `the same id again at ${later.at}, which was taken`;
  log.skip("duplicate_id", { at: draft.at, value: draft.sourceRef, message });
  return undefined;
}

/** One item ahead: the next part is read while the database writes the one before. */
export async function* oneAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = iterator.next();
      // Whoever takes the item learns of the failure when it asks for the next.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}
