import type { RawFeature } from "../raw-layer.ts";
import type { ImportLog } from "../report.ts";
import type { DroppedNames, MessageForm } from "./catalogue-elements.ts";
import { isCatalogueElement, isHolder, MESSAGE_PROPERTIES } from "./catalogue-elements.ts";
import type { XmlHandler } from "./xml-events.ts";

/** Longer than any name or code; what is longer is no catalogue. */
const MAX_VALUE = 400;
/** Elements of a message's head that are read. */
const HEAD = ["CmdType", "SN", "DeviceID", "SumNum"] as const;

/** Reads items from the messages of a file. The head of a message may stand behind its list: items wait for its end. */
export class CatalogueReader implements XmlHandler {
  /** Messages that were catalogues, and what the others were. */
  catalogues = 0;
  readonly #others = new Set<string>();
  readonly #done: RawFeature[] = [];
  readonly #path: string[] = [];
  #form: MessageForm | undefined;
  #head: Record<string, string> = {};
  #waiting: RawFeature[] = [];
  #item: Record<string, string> | undefined;
  #itemDepth = 0;
  #number = 0;
  #fault: string | undefined;
  #text: string | undefined;

  constructor(
    readonly file: string,
    readonly log: ImportLog,
    readonly dropped: DroppedNames,
  ) {}

  /** Commands of messages that are no catalogues. */
  get others(): string[] {
    return [...this.#others].sort();
  }

  take(): RawFeature[] {
    return this.#done.splice(0);
  }

  open(name: string): void {
    this.#path.push(name);
    this.#text = undefined;
    if (this.#path.length === 1) {
      this.#form = name === "Response" || name === "Notify" ? name : undefined;
      this.#head = {};
      this.#waiting = [];
      return;
    }
    if (!this.#form) return;
    if (name === "Item" && !this.#item) {
      this.#item = {};
      this.#itemDepth = this.#path.length;
      this.#fault = undefined;
      return;
    }
    // Text is only ever kept of what may be held.
    if (!this.#item) {
      if (this.#path.length === 2 && isHead(name)) this.#text = "";
      return;
    }
    const parent = this.#path.at(-2) ?? "";
    const isPart =
      this.#path.length === this.#itemDepth + 1 || (this.#path.length === this.#itemDepth + 2 && isHolder(parent));
    if (isPart && isCatalogueElement(name)) this.#text = "";
    else if (!isHolder(name)) this.dropped.add(name);
  }

  text(text: string): void {
    if (this.#text === undefined) return;
    if (this.#text.length + text.length <= MAX_VALUE) this.#text += text;
    else this.#fault = `${this.#path.at(-1)} is longer than ${MAX_VALUE} characters`;
  }

  close(name: string): void {
    const text = this.#text?.trim();
    this.#text = undefined;
    this.#path.pop();
    if (!this.#form) return;
    if (this.#path.length === 0) this.#endMessage(this.#form);
    else if (this.#item && this.#path.length === this.#itemDepth - 1) this.#endItem();
    else if (text !== undefined && text !== "") {
      // "null" is what some platforms write for nothing.
      if (/^null$/i.test(text)) return;
      if (!this.#item) this.#head[name] = text;
      else this.#item[name] ??= text;
    }
  }

  #endItem(): void {
    const properties = onlyWhatMayBeKnown(this.#item ?? {});
    this.#item = undefined;
    const number = ++this.#number;
    const at = `${this.file}#${number}`;
    if (this.#fault === undefined)
      this.#waiting.push({ at, number, id: properties["DeviceID"], properties, geometry: null });
    else this.log.skip("broken_feature", { at, value: "", message: this.#fault });
    // The standard puts the head first: then nothing has to wait for a message's end, however long it is.
    if (this.#form && HEAD.every((name) => this.#head[name] !== undefined)) this.#flush(this.#form);
  }

  #endMessage(form: MessageForm): void {
    const { CmdType: command = "" } = this.#head;
    if (isCatalogue(command)) this.catalogues++;
    else if (/^[A-Za-z]{1,40}$/.test(command)) this.#others.add(command);
    this.#flush(form);
  }

  /** Hands on what waits, where it is of a catalogue. */
  #flush(form: MessageForm): void {
    const { CmdType: command = "", SN, SumNum, DeviceID } = this.#head;
    const items = this.#waiting.splice(0);
    if (!isCatalogue(command)) return;
    const message = {
      [MESSAGE_PROPERTIES.form]: form,
      [MESSAGE_PROPERTIES.number]: wholeNumber(SN),
      [MESSAGE_PROPERTIES.total]: wholeNumber(SumNum),
      [MESSAGE_PROPERTIES.platform]: DeviceID ?? "",
    };
    for (const item of items) this.#done.push({ ...item, properties: { ...item.properties, ...message } });
  }
}

/** Of a classified camera nothing is read but its code, by which it is taken out. */
const onlyWhatMayBeKnown = ({
  DeviceID = "",
  Secrecy,
  Event,
  ...rest
}: Record<string, string>): Record<string, string> => ({
  ...(DeviceID === "" ? {} : { DeviceID }),
  ...(Secrecy === undefined ? {} : { Secrecy }),
  ...(Event === undefined ? {} : { Event }),
  ...(Secrecy === "1" ? {} : rest),
});

const isCatalogue = (command: string): boolean => /^catalog(ue)?$/i.test(command);

const isHead = (name: string): boolean => (HEAD as readonly string[]).includes(name);

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
