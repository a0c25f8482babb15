import type { CameraStatus } from "../../model/camera.ts";
import type { LonLat } from "../../model/geometry.ts";
import type { CatalogueElement, MessageForm } from "../formats/catalogue-elements.ts";
import type { PositionFault } from "./camera-draft.ts";
import { statusOf } from "./camera-words.ts";

/** What one item says of a camera. */
export interface Telling {
  readonly at: string;
  readonly form: MessageForm;
  /** Number of its message (SN); -1 where it has none. */
  readonly message: number;
  readonly said: Readonly<Partial<Record<CatalogueElement, string>>>;
  /** Upper case; of notifications only. */
  readonly event: string | undefined;
  readonly point: LonLat | null;
  readonly fault: PositionFault | null;
}

/** All that was said of a camera, taken together. */
export interface CameraState {
  readonly at: string;
  readonly said: Readonly<Partial<Record<CatalogueElement, string>>>;
  readonly status: CameraStatus | null;
  readonly point: LonLat | null;
  readonly fault: PositionFault | null;
  readonly removed: "deleted" | "secret" | null;
}

/** Events of a notification (GB/T 28181-2016 A.2.5.6 and -2022): what they say of a camera's state. */
const EVENT_STATUS: Readonly<Record<string, CameraStatus>> = {
  ON: "online",
  OFF: "offline",
  VLOST: "faulty",
  DEFECT: "faulty",
};
const CHANGES: readonly string[] = ["ADD", "UPDATE"];

export const isKnownEvent = (event: string): boolean =>
  event === "DEL" || event in EVENT_STATUS || CHANGES.includes(event);

/**
 * Takes together what the items of one camera say, whatever the order in which they came: first answers by the number of
 * their message (a later query has a higher one), then notifications by theirs. Of one answer two contradicting items are
 * taken in an order that depends on their words alone; notifications of one number follow each other as in their files, files
 * by their names. Something that is not said wipes nothing out.
 *
 * Only a notification that deletes and an item that is classified take a camera away.
 */
export function takeTogether(tellings: readonly Telling[]): CameraState {
  const sorted = [...tellings].sort(inOrder);
  let said: Partial<Record<CatalogueElement, string>> = {};
  let status: CameraStatus | null = null;
  let place: Pick<Telling, "point" | "fault"> = { point: null, fault: null };
  let deleted = false;
  let secret = false;
  let secretSince = Number.NaN;
  for (const telling of sorted) {
    const { event, message, form } = telling;
    if (event === "DEL") {
      [said, status, place, deleted, secret] = [{}, null, { point: null, fault: null }, true, false];
      continue;
    }
    const told = event === undefined ? undefined : EVENT_STATUS[event];
    // What is gone has no state any more.
    if (deleted && told !== undefined) continue;
    deleted = false;
    said = { ...said, ...telling.said };
    status = told ?? statusOf(telling.said.Status) ?? status;
    if (telling.point || !place.point) place = telling.point || telling.fault ? telling : place;
    if (telling.said.Secrecy === "1") [secret, secretSince] = [true, form === "Response" ? message : Number.NaN];
    // Of one answer the careful item counts.
    else if (telling.said.Secrecy === "0" && !(form === "Response" && message === secretSince)) secret = false;
  }
  const { point, fault } = place;
  return {
    at: tellings.map(({ at }) => at).sort(byPlace)[0] ?? "",
    said,
    status,
    point,
    fault: point ? null : fault,
    removed: secret ? "secret" : deleted ? "deleted" : null,
  };
}

function inOrder(a: Telling, b: Telling): number {
  if (a.form !== b.form) return a.form === "Response" ? -1 : 1;
  if (a.message !== b.message) return a.message - b.message;
  if (a.form === "Notify") return byPlace(a.at, b.at);
  const [one, other] = [words(a), words(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

const words = ({ said }: Telling): string => JSON.stringify(Object.entries(said).sort());

const naturally = new Intl.Collator("en", { numeric: true });

/** Places (`part2.xml#3`) as a person would list them. */
export const byPlace = (a: string, b: string): number => naturally.compare(a, b);
