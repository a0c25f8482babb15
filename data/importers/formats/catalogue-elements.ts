/**
 * Elements of a catalogue item that are read (GB/T 28181-2016 and -2022, annex A). Everything else is passed over, whatever
 * it is called: addresses, ports, accounts, passwords, certificates, streams and owners are never held (domain.md 4.6).
 */
export const CATALOGUE_ELEMENTS = [
  "DeviceID",
  "Name",
  "Manufacturer",
  "Model",
  "CivilCode",
  "ParentID",
  "BusinessGroupID",
  "Secrecy",
  "Status",
  "Event",
  "Longitude",
  "Latitude",
  "PTZType",
  "PositionType",
  "RoomType",
  "DirectionType",
  // Since 2022.
  "HorizontalFieldAngle",
  "MaxViewDistance",
  "InstallTime",
  "RecordSaveDays",
] as const;
export type CatalogueElement = (typeof CATALOGUE_ELEMENTS)[number];

/** The message that an item came in; these stand among its properties, but are no columns. */
export const MESSAGE_PROPERTIES = { form: "@form", number: "@number", total: "@total", platform: "@platform" } as const;

/** `Response` answers a query for the catalogue, `Notify` tells of a change since. */
export type MessageForm = "Response" | "Notify";

const READ: ReadonlySet<string> = new Set(CATALOGUE_ELEMENTS);

export const isCatalogueElement = (name: string): name is CatalogueElement => READ.has(name);

/** Elements that only hold others. */
const HOLDERS: ReadonlySet<string> = new Set(["Info"]);

export const isHolder = (name: string): boolean => HOLDERS.has(name);

/** Names that are kept of elements that are passed over: enough to see what was dropped, and no place for values. */
const MAX_NAMES = 60;
const NAME = /^[A-Za-z][A-Za-z_]{0,39}$/;

/** Collects names of elements that were dropped; a name that might carry a value is told as "other". */
export class DroppedNames {
  readonly #names = new Set<string>();

  add(name: string): void {
    if (this.#names.size < MAX_NAMES) this.#names.add(NAME.test(name) ? name : "other");
  }

  names(): string[] {
    return [...this.#names].sort();
  }
}
