import type { LonLat } from "../../../../data/model/geometry.ts";
import type { ReportInput } from "../../../gql/generated.ts";
import { textFault } from "../cases/step-options.ts";

/** A case that is being taken down. */
export interface Draft {
  /** Client's key: one draft makes one case, however often it is sent. */
  readonly key: string;
  readonly point: LonLat | undefined;
  /** Five-digit class. */
  readonly class: string | undefined;
  readonly severity: NonNullable<ReportInput["severity"]>;
  readonly source: ReportInput["source"];
  readonly title: string;
  /** Never kept anywhere but in the form: a contact does not belong into the browser's storage. */
  readonly contact: string;
}

export const newDraft = (): Draft => ({
  key: crypto.randomUUID(),
  point: undefined,
  class: undefined,
  severity: "NORMAL",
  source: "HOTLINE",
  title: "",
  contact: "",
});

export const TITLE_LENGTH = 200;

/** What keeps a draft from being sent, by field. */
export type DraftFault = "point" | "class" | "title" | "text";

export function draftFaults(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (!draft.point) faults.push("point");
  if (!draft.class) faults.push("class");
  if (!draft.title.trim()) faults.push("title");
  if (textFault(draft.title)) faults.push("text");
  return faults;
}

/** The draft as the server takes it; undefined while something is missing. */
export function reportOf(draft: Draft, county: string): ReportInput | undefined {
  const { point, class: code, key, severity, source, title, contact } = draft;
  if (!point || !code || draftFaults(draft).length) return undefined;
  return {
    ...{ key, county, class: code, severity, source },
    title: title.trim(),
    lon: point[0],
    lat: point[1],
    contact: contact.trim() || undefined,
  };
}

const isPoint = (value: unknown): value is LonLat =>
  Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));

/** A draft as it is kept: without the contact. */
export const keptDraft = ({ contact: _, ...draft }: Draft): string => JSON.stringify(draft);

/** A kept draft, or a new one where nothing usable is kept. */
export function draftFrom(text: string | null): Draft {
  const fresh = newDraft();
  if (!text) return fresh;
  try {
    const kept = JSON.parse(text) as Partial<Record<keyof Draft, unknown>>;
    const word = <T extends string>(value: unknown, otherwise: T): T =>
      typeof value === "string" && /^[A-Z_]+$/.test(value) ? (value as T) : otherwise;
    return {
      key: typeof kept.key === "string" ? kept.key : fresh.key,
      point: isPoint(kept.point) ? kept.point : undefined,
      class: typeof kept.class === "string" ? kept.class : undefined,
      severity: word(kept.severity, fresh.severity),
      source: word(kept.source, fresh.source),
      title: typeof kept.title === "string" ? kept.title : "",
      contact: "",
    };
  } catch {
    return fresh;
  }
}
