import { create } from "zustand";

/** Steps of the wizard in their order. */
export const STEPS = ["files", "look", "columns", "datum", "edition", "try", "import"] as const;
export type Step = (typeof STEPS)[number];

/** What was chosen for one import. */
export interface Wizard {
  /** Id of the upload: made here, so that a file can be sent before anything else is known. */
  readonly upload: string;
  readonly step: Step;
  readonly kind: string;
  /** Level of areas as GraphQL writes it; empty = by the codes. */
  readonly level: string;
  /** Reference system; empty = found out by the server. */
  readonly crs: string;
  /** Column of each field that was chosen by hand; an empty column = none. */
  readonly map: Readonly<Record<string, string>>;
  /** Areas that the county has already: their lines are corrected, or the file is a new edition of them. */
  readonly mode: "correction" | "edition";
  /** Day from which a new edition holds, yyyy-mm-dd; empty = not said. */
  readonly effective: string;
  /** What was decided of the proposals of an edition, by their ids. */
  readonly decisions: Readonly<Record<string, string>>;
  /** Global id of the dry run whose proposals are shown. */
  readonly compared: string;
  /** Global ids of the last dry run and of the import. */
  readonly tried: string;
  readonly job: string;
}

const fresh = (): Wizard => ({
  upload: crypto.randomUUID(),
  step: "files",
  kind: "areas",
  level: "",
  crs: "",
  map: {},
  mode: "correction",
  effective: "",
  decisions: {},
  compared: "",
  tried: "",
  job: "",
});

const keyOf = (county: string): string => `jingwei.import.${county}`;

/** What a page that was loaded anew goes on with; text that is none of ours is forgotten. */
function remembered(county: string): Wizard {
  const start = fresh();
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(county)) ?? "null") as Partial<Wizard> | null;
    if (typeof kept?.upload === "string" && STEPS.some((step) => step === kept.step)) return { ...start, ...kept };
  } catch {
    // Broken or forbidden storage: a new import begins.
  }
  return start;
}

const useWizards = create<{ readonly byCounty: Readonly<Record<string, Wizard>> }>(() => ({ byCounty: {} }));

function keep(county: string, wizard: Wizard): void {
  useWizards.setState(({ byCounty }) => ({ byCounty: { ...byCounty, [county]: wizard } }));
  try {
    sessionStorage.setItem(keyOf(county), JSON.stringify(wizard));
  } catch {
    // Without storage the wizard works until the page is left.
  }
}

/** What was read from storage: once a page, or the upload's id would change between two looks. */
const first = new Map<string, Wizard>();

function current(county: string): Wizard {
  const wizard = useWizards.getState().byCounty[county] ?? first.get(county) ?? remembered(county);
  first.set(county, wizard);
  return wizard;
}

/** What makes the files another layer: proposals that were made of it hold no longer. */
const LAYER_CHOICES = ["kind", "level", "crs", "map", "mode", "effective"] as const;
const KIND_CHOICES = ["kind", "level"] as const;

/** Changes what was chosen; whatever the try was of is forgotten with it. */
export function changeWizard(county: string, change: Partial<Wizard>): void {
  const wizard = current(county);
  const has = (keys: readonly string[]): boolean => keys.some((key) => key in change);
  keep(county, {
    ...wizard,
    ...(has([...LAYER_CHOICES, "decisions"]) ? { tried: "", job: "" } : {}),
    ...(has(LAYER_CHOICES) ? { decisions: {}, compared: "" } : {}),
    ...(has(KIND_CHOICES) ? { mode: "correction", effective: "" } : {}),
    ...change,
  });
}

/** Files came or went: what was proposed and tried is of others. */
export const forgetTries = (county: string): void =>
  changeWizard(county, { decisions: {}, compared: "", tried: "", job: "" });

/**
 * The steps of an import. Whether it is a new edition is asked of areas alone, and where the county has some of their level.
 *
 * @param levels levels of areas that the county has, as GraphQL writes them
 */
export function stepsOf({ kind, level, step }: Wizard, levels: ReadonlySet<string>): readonly Step[] {
  const asked = kind === "grids" ? "GRID" : kind === "areas" ? level : undefined;
  const known = asked === "" ? [...levels].some((one) => one !== "COUNTY") : asked !== undefined && levels.has(asked);
  return STEPS.filter((one) => one !== "edition" || known || step === "edition");
}

/** Begins anew, with the kind that was chosen last. */
export const restartWizard = (county: string): void =>
  keep(county, { ...fresh(), kind: current(county).kind, level: current(county).level });

/** What was chosen for a county, over a reload of the page. */
export function useWizard(county: string): Wizard {
  const held = useWizards((state) => state.byCounty[county]);
  return held ?? current(county);
}
