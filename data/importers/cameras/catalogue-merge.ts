import { isCameraCode } from "../../model/codes.ts";
import { dayOf } from "../day.ts";
import type { CatalogueElement } from "../formats/catalogue-elements.ts";
import { CATALOGUE_ELEMENTS, MESSAGE_PROPERTIES } from "../formats/catalogue-elements.ts";
import type { RawFeature } from "../raw-layer.ts";
import type { ImportLog } from "../report.ts";
import type { CameraDraft } from "./camera-draft.ts";
import { cameraPlace } from "./camera-positions.ts";
import { cameraText } from "./camera-text.ts";
import { azimuthOf, indoorOf, measureOf, networkOfCode, ptzTypeOf, wholeOf } from "./camera-words.ts";
import { CatalogueGroups, parentCodes } from "./catalogue-groups.ts";
import { byPlace, type CameraState, isKnownEvent, type Telling, takeTogether } from "./catalogue-tellings.ts";

/** What came of one answer, against what it says it holds. */
interface Answer {
  readonly at: string;
  total: number;
  /** Items by code and name: divisions may share a code. */
  readonly items: Set<string>;
}

/**
 * Puts the items of a platform's messages together: parts of one answer, answers to several queries and notifications, in
 * whatever order they come and however often. Every camera comes out once. It holds what is said of each camera in memory.
 */
export class CatalogueMerge {
  readonly #cameras = new Map<string, Telling[]>();
  readonly #groups = new CatalogueGroups();
  readonly #answers = new Map<string, Answer>();

  constructor(readonly log: ImportLog) {}

  /** @param feature an item of `openCatalogue`, its position in WGS 84 */
  add({ at, properties, geometry }: RawFeature): void {
    const said = saidOf(properties);
    const code = said.DeviceID ?? "";
    const form = properties[MESSAGE_PROPERTIES.form] === "Notify" ? "Notify" : "Response";
    const number = properties[MESSAGE_PROPERTIES.number];
    const message = typeof number === "number" ? number : -1;
    if (form === "Response") this.#count(at, properties, `${message}`, `${code}\n${said.Name ?? ""}`);
    if (!isCameraCode(code)) {
      this.#groups.add(code, said.Name, parentCodes(said.ParentID, said.BusinessGroupID));
      this.log.skip("not_camera", {
        at,
        value: /^\d{1,20}$/.test(code) ? code : "",
        message: code === "" ? "it has no DeviceID" : "a division, a group or another device: only cameras are kept",
      });
      return;
    }
    const event = form === "Notify" ? said.Event?.toUpperCase() : undefined;
    if (event !== undefined && !isKnownEvent(event)) {
      this.log.skip("bad_event", { at, value: code, message: "its Event is none of the standard's" });
      return;
    }
    const telling: Telling = { at, form, message, said, event, ...cameraPlace(geometry) };
    const known = this.#cameras.get(code);
    if (!known) this.#cameras.set(code, [telling]);
    else {
      this.log.flag("merged_items", "items that tell of a camera of which another item tells: taken together");
      const same = form === "Response" ? known.findIndex((other) => isRepeated(telling, other)) : -1;
      if (same < 0) known.push(telling);
      // Of equal ones the first by place stays, so that the report is the same in any order.
      else if (byPlace(at, known[same]?.at ?? "") < 0) known[same] = telling;
    }
  }

  /** The cameras, by device code. */
  cameras(): CameraDraft[] {
    for (const [, { at, total, items }] of [...this.#answers].sort(([, a], [, b]) => byPlace(a.at, b.at)))
      if (items.size < total)
        this.log.flag(
          "incomplete_catalogue",
          `an answer says that it holds ${total} items, and ${items.size} came (${at}): parts may be missing. What is known of the others stays`,
        );
    return [...this.#cameras]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, tellings]) => this.#draft(code, takeTogether(tellings)));
  }

  #count(at: string, properties: RawFeature["properties"], message: string, item: string): void {
    const total = properties[MESSAGE_PROPERTIES.total];
    if (typeof total !== "number") return;
    const key = `${String(properties[MESSAGE_PROPERTIES.platform])}/${message}`;
    const answer = this.#answers.get(key);
    if (answer) {
      answer.items.add(item);
      answer.total = Math.max(answer.total, total);
    } else this.#answers.set(key, { at, total, items: new Set([item]) });
  }

  #draft(deviceCode: string, { said, at, status, point, fault, removed }: CameraState): CameraDraft {
    const text = (element: CatalogueElement): string | null => cameraText(said[element], at, this.log);
    return {
      at,
      deviceCode,
      removed,
      name: text("Name"),
      network: this.#groups.projectAbove(parentCodes(said.BusinessGroupID, said.ParentID)),
      likelyNetwork: networkOfCode(deviceCode),
      status,
      manufacturer: text("Manufacturer"),
      model: text("Model"),
      owner: null,
      ptzType: ptzTypeOf(said.PTZType),
      positionType: wholeOf(said.PositionType, 1, 10),
      indoor: indoorOf(said.RoomType),
      azimuthDeg: azimuthOf(said.DirectionType),
      angleDeg: measureOf(said.HorizontalFieldAngle, 0, 360),
      rangeM: measureOf(said.MaxViewDistance, 0, 100_000),
      point,
      fault,
      legalBasis: null,
      sign: null,
      filingNo: null,
      inUseSince: dayOf(said.InstallTime ?? "") ?? null,
      retentionDays: wholeOf(said.RecordSaveDays, 1, 3_650),
    };
  }
}

function saidOf(properties: RawFeature["properties"]): Telling["said"] {
  const said: Partial<Record<CatalogueElement, string>> = {};
  for (const element of CATALOGUE_ELEMENTS) {
    const value = properties[element];
    if (typeof value === "string" && value !== "") said[element] = value;
  }
  return said;
}

const isRepeated = (one: Telling, other: Telling): boolean =>
  one.form === other.form &&
  one.message === other.message &&
  CATALOGUE_ELEMENTS.every((name) => one.said[name] === other.said[name]);
