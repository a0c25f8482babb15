import { freeTextMessage, screenFreeText } from "../../../../data/policy/free-text.ts";
import type {
  CaseNextStepFragment,
  CaseRowFragment,
  StepRequirement,
  TransitionInput,
} from "../../../gql/generated.ts";

/** A way on that at least one of some cases may go, or could if it were not for a rule. */
export interface StepOption {
  readonly id: string;
  readonly step: CaseNextStepFragment["step"];
  readonly name: string;
  readonly nameEn: string;
  /** What any of the cases needs for it. */
  readonly requires: readonly StepRequirement[];
  /** Cases that may take it. */
  readonly rows: readonly CaseRowFragment[];
  /** Cases that a rule keeps from it, with the rule in words of both languages. */
  readonly refused: readonly { readonly row: CaseRowFragment; readonly name: string; readonly nameEn: string }[];
}

/** What is filled in for a step. */
export interface StepTexts {
  readonly note: string;
  readonly reason: string;
  readonly resolution: string;
  readonly organisation: string | undefined;
  readonly post: string | undefined;
}
export const NO_TEXTS: StepTexts = { note: "", reason: "", resolution: "", organisation: undefined, post: undefined };

/**
 * Ways on of some cases: what leads forward first, what most of them can do before what few can, in the workflow's order;
 * side steps (void, on hold, rework, inspection) last.
 */
export function stepOptions(rows: readonly CaseRowFragment[]): StepOption[] {
  const options = new Map<string, StepOption & { readonly order: number }>();
  for (const row of rows)
    for (const next of row.nextSteps ?? []) {
      const id = `${next.step.key} ${next.name}`;
      const known = options.get(id);
      const { refusal } = next;
      options.set(id, {
        id,
        order: known?.order ?? options.size,
        step: known?.step ?? next.step,
        name: known?.name ?? next.name,
        nameEn: known?.nameEn ?? next.nameEn,
        requires: [...new Set([...(known?.requires ?? []), ...(refusal === null ? next.requires : [])])],
        rows: [...(known?.rows ?? []), ...(refusal === null ? [row] : [])],
        refused: [
          ...(known?.refused ?? []),
          ...(refusal === null ? [] : [{ row, name: refusal, nameEn: next.refusalEn ?? refusal }]),
        ],
      });
    }
  return [...options.values()].sort(
    (a, b) => Number(a.step.side) - Number(b.step.side) || b.rows.length - a.rows.length || a.order - b.order,
  );
}

const FIELD = {
  NOTE: "note",
  REASON: "reason",
  RESOLUTION: "resolution",
  ORGANISATION: "organisation",
  POST: "post",
} as const satisfies Record<StepRequirement, keyof StepTexts>;

/** What is still to be filled in. */
export const missingOf = (requires: readonly StepRequirement[], texts: StepTexts): StepRequirement[] =>
  requires.filter((need) => !texts[FIELD[need]]?.trim());

/** What must not stand in a free text, in both languages; undefined when it is clean. */
export function textFault(text: string): { readonly zh: string; readonly en: string } | undefined {
  const findings = screenFreeText(text);
  return findings.length ? freeTextMessage(findings) : undefined;
}

const filled = (text: string): string | undefined => text.trim() || undefined;

/** The step of one case as the server takes it. @param keyOf client's key for a content */
export function stepInput(
  { id, version }: Pick<CaseRowFragment, "id" | "version">,
  { step }: Pick<StepOption, "step">,
  texts: StepTexts,
  keyOf: (content: unknown) => string,
): TransitionInput {
  const input = {
    id,
    version: version ?? 0,
    to: step.state,
    step: step.key,
    reason: filled(texts.reason),
    resolution: filled(texts.resolution),
    organisation: texts.organisation,
    post: texts.post,
    note: filled(texts.note),
  };
  return { ...input, key: keyOf(input) };
}
