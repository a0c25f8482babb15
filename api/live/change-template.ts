import type { ToldChange } from "../feed/told-change.ts";

type Model = ToldChange["model"];
/** Fields of a change that differ from one to the next; `op` and `kind` choose the template. */
const TEXTS = ["id", "county", "liveVersion", "snapshotVersion", "cursor"] as const;
const NUMBERS = { ref: 2_147_483_646, version: 2_147_483_645 } as const;
type Slot = (typeof TEXTS)[number] | keyof typeof NUMBERS;

/** What stands for a text: no name of GraphQL holds such signs, so none of an answer's keys does. */
const textMark = (name: string): string => `<${name}>`;
const MARKS = new RegExp(
  [...TEXTS.map((name) => `"${textMark(name)}"`), ...Object.values(NUMBERS).map((n) => `\\b${n}\\b`)].join("|"),
);
const SLOT_OF: ReadonlyMap<string, Slot> = new Map<string, Slot>([
  ...TEXTS.map((name) => [`"${textMark(name)}"`, name] as const),
  ...Object.entries(NUMBERS).map(([name, n]) => [String(n), name as Slot] as const),
]);

interface Template {
  /** Text around the slots: one more than there are slots. */
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
}

/**
 * Answers of one operation to changes. GraphQL says once for each kind of change what an answer looks like; further ones are
 * that text with other values in it. The first real answer of a kind is compared with the text that its template gives:
 * where they differ, every change of the kind is executed.
 */
export class ChangeTemplates {
  readonly #execute: (model: Model) => string;
  /** By operation and kind of the change; undefined = to be executed. */
  readonly #known = new Map<string, Template | undefined>();

  /** @param execute the answer to a change as JSON, as GraphQL gives it */
  constructor(execute: (model: Model) => string) {
    this.#execute = execute;
  }

  /** The answer to a change, as JSON. */
  answer(model: Model): string {
    // Rare, and with fields that no other has.
    if (model.op === "RESET") return this.#execute(model);
    const key = `${model.op} ${model.kind}`;
    const known = this.#known.get(key);
    if (known) return filled(known, model);
    const answer = this.#execute(model);
    if (!this.#known.has(key)) {
      const template = templateOf(this.#execute({ ...model, ...MARKED }));
      this.#known.set(key, filled(template, model) === answer ? template : undefined);
    }
    return answer;
  }
}

const MARKED = {
  id: textMark("id"),
  county: textMark("county"),
  liveVersion: textMark("liveVersion"),
  snapshotVersion: textMark("snapshotVersion"),
  cursor: textMark("cursor"),
  ...NUMBERS,
} as const satisfies Partial<Model>;

function templateOf(marked: string): Template {
  const texts: string[] = [];
  const slots: Slot[] = [];
  let rest = marked;
  for (let found = MARKS.exec(rest); found; found = MARKS.exec(rest)) {
    const slot = SLOT_OF.get(found[0]);
    if (slot === undefined) break;
    texts.push(rest.slice(0, found.index));
    slots.push(slot);
    rest = rest.slice(found.index + found[0].length);
  }
  return { texts: [...texts, rest], slots };
}

function filled({ texts, slots }: Template, model: Model): string {
  let out = texts[0] ?? "";
  for (let n = 0; n < slots.length; n++) out += JSON.stringify(model[slots[n] as Slot]) + (texts[n + 1] ?? "");
  return out;
}
