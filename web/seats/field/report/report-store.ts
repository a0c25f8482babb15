import { create } from "zustand";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { useSession, viewerKey } from "../../../app/session.ts";
import { FieldReportDocument, type FieldReportMutation, type IncidentSeverity } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { RequestError } from "../../../gql/request.ts";
import { keepTrying } from "../keep-trying.ts";
import type { Rect } from "../photo/pixelate.ts";
import { sendPhoto } from "../photo/send-photo.ts";
import { photoFile } from "../photo/shrink-photo.ts";

export interface DraftPhoto {
  readonly canvas: HTMLCanvasElement;
  /** As it was before anything was covered. */
  readonly original: ImageData;
  readonly covered: readonly Rect[];
}

/** A report that is being made. */
export interface Draft {
  readonly photo?: DraftPhoto | undefined;
  readonly place?: LonLat | undefined;
  readonly classCode?: string | undefined;
  /** Undefined = the name of the class. */
  readonly title?: string | undefined;
  readonly severity: IncidentSeverity;
}

export type Receipt = FieldReportMutation["reportIncident"];

/** What is sent: a new case, with its picture if it has one, or a picture for a case that is there. */
export interface Sending {
  /** Keys of the case and of its picture: the same however often it is sent. */
  readonly key: string;
  readonly photoKey: string;
  /** Whose it is: nobody else's session sends or shows it. */
  readonly owner: string;
  readonly draft: Draft;
  readonly title: string;
  readonly county: string;
  /** A case that the picture is added to instead of a new one. */
  readonly addTo?: { readonly id: string; readonly ref: number } | undefined;
  readonly file: Blob | undefined;
  readonly state: "case" | "photo" | "signed-out" | "sent" | "refused";
  /** The network is away; tried again then, epoch ms of this page. */
  readonly waitsUntil: number | undefined;
  readonly receipt?: Receipt | undefined;
  readonly error?: RequestError | undefined;
}

interface Reports {
  readonly draft: Draft | undefined;
  readonly sendings: readonly Sending[];
}

export const useReports = create<Reports>(() => ({ draft: undefined, sendings: [] }));

const currentOwner = (): string => viewerKey(useSession.getState().viewer);

export const setDraft = (draft: Draft | undefined): void => useReports.setState({ draft });
export const patchDraft = (patch: Partial<Draft>): void =>
  useReports.setState(({ draft }) => ({ draft: draft && { ...draft, ...patch } }));
export const beginDraft = (photo: DraftPhoto | undefined): void => setDraft({ photo, severity: "NORMAL" });

const find = (key: string): Sending | undefined => useReports.getState().sendings.find((one) => one.key === key);
const patch = (key: string, change: Partial<Sending>): void =>
  useReports.setState(({ sendings }) => ({
    sendings: sendings.map((one) => (one.key === key ? { ...one, ...change } : one)),
  }));
const drop = (key: string): void =>
  useReports.setState(({ sendings }) => ({ sendings: sendings.filter((one) => one.key !== key) }));

/** Puts what was sent, or was refused, out of sight. */
export const dismiss = drop;

/** Takes a refused report back to change it. */
export function editAgain({ key, draft }: Sending): void {
  drop(key);
  setDraft(draft);
}

/**
 * Sends the draft: from now on it waits in the page until the server has it, and the next report can begin.
 *
 * @param title one line of clean text
 * @param addTo a case that it is about already: then only its picture is sent
 */
export async function sendDraft(
  draft: Draft,
  { title, county, addTo }: { readonly title: string; readonly county: string; readonly addTo?: Sending["addTo"] },
): Promise<void> {
  const sending: Sending = {
    key: crypto.randomUUID(),
    photoKey: crypto.randomUUID(),
    owner: currentOwner(),
    draft,
    title,
    county,
    addTo,
    file: draft.photo && (await photoFile(draft.photo.canvas)),
    state: addTo ? "photo" : "case",
    waitsUntil: undefined,
  };
  useReports.setState(({ sendings }) => ({ draft: undefined, sendings: [...sendings, sending] }));
  void run(sending.key);
}

/** Sends again what stopped when its owner's session ended. */
export function resumeSending(): void {
  for (const { key, owner, state } of useReports.getState().sendings)
    if (owner === currentOwner() && state === "signed-out") {
      patch(key, { state: find(key)?.receipt || find(key)?.addTo ? "photo" : "case" });
      void run(key);
    }
}

async function run(key: string): Promise<void> {
  const again = <T>(work: (now: Sending) => Promise<T>): Promise<T> =>
    keepTrying(
      async () => {
        const now = find(key);
        if (!now || now.owner !== currentOwner()) throw new RequestError("", undefined, false, "UNAUTHENTICATED");
        return work(now);
      },
      (waitsUntil) => patch(key, { waitsUntil }),
    );
  try {
    if (find(key)?.state === "case") {
      const receipt = await again(sendCase);
      patch(key, { receipt, state: "photo", waitsUntil: undefined });
    }
    const caseId = find(key)?.addTo?.id ?? find(key)?.receipt?.incident.id;
    if (caseId !== undefined)
      await again(async ({ file, photoKey }) => {
        if (file) await sendPhoto(caseId, photoKey, file);
      });
    patch(key, { state: "sent", waitsUntil: undefined });
  } catch (error) {
    const refusal = error instanceof RequestError ? error : new RequestError(String(error), undefined, false);
    const signedOut = refusal.code === "UNAUTHENTICATED";
    patch(key, { state: signedOut ? "signed-out" : "refused", error: refusal, waitsUntil: undefined });
  }
}

async function sendCase({ key, title, county, draft }: Sending): Promise<Receipt> {
  const [lon = 0, lat = 0] = draft.place ?? [];
  const { reportIncident } = await mutate(FieldReportDocument, {
    input: {
      key,
      county,
      class: draft.classCode ?? "",
      severity: draft.severity,
      source: "PATROL",
      title,
      lon,
      lat,
    },
  });
  return reportIncident;
}

/** Is there anything that would be lost with the page? */
const holdsWork = ({ draft, sendings }: Reports): boolean =>
  draft !== undefined || sendings.some(({ state }) => state !== "sent");

// A page that holds something unsent asks before it is closed.
addEventListener("beforeunload", (event) => {
  if (holdsWork(useReports.getState())) event.preventDefault();
});

/** What the viewer has sent or is sending. */
export const useOwnSendings = (): readonly Sending[] => {
  const owner = useSession(({ viewer }) => viewerKey(viewer));
  return useReports(({ sendings }) => sendings).filter((one) => one.owner === owner);
};
