import { create } from "zustand";

/** Steps of the wizard in their order. */
export const STEPS = ["files", "look", "columns", "datum", "try", "import"] as const;
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

/** Changes what was chosen; whatever the try was of is forgotten with it. */
export function changeWizard(county: string, change: Partial<Wizard>): void {
  const wizard = current(county);
  const other = ["kind", "level", "crs", "map"].some((key) => key in change);
  keep(county, { ...wizard, ...(other ? { tried: "", job: "" } : {}), ...change });
}

/** Begins anew, with the kind that was chosen last. */
export const restartWizard = (county: string): void =>
  keep(county, { ...fresh(), kind: current(county).kind, level: current(county).level });

/** What was chosen for a county, over a reload of the page. */
export function useWizard(county: string): Wizard {
  const held = useWizards((state) => state.byCounty[county]);
  return held ?? current(county);
}
