import { cutChange } from "../../data/feed/cut-change.ts";
import type { ChangeEvent, ChangeKind } from "../../data/feed/event.ts";
import { seesEveryCase } from "../../data/policy/incident-cut.ts";
import { type CountyRow, findCounty } from "../../db/repositories/county-repository.ts";
import type { ServerParts } from "../context.ts";
import type { ErrorLog } from "../errors.ts";
import { asOfCounty } from "../services/as-of.ts";
import type { FeedPosition, Since } from "./event-bus.ts";
import { follow } from "./follow.ts";
import { KioskView } from "./kiosk-view.ts";
import type { Teller, ToldChange } from "./told-change.ts";
import type { ChangeAudience } from "./viewer-changes.ts";

/** Who is told what a channel tells. */
export interface ChannelMember {
  /** Changes in order; the same array for all members. */
  take(changes: readonly ToldChange[]): void;
  /** The place of the channel is lost: whatever came before is unknown. */
  lost(): void;
}

export interface ChannelParts extends Pick<ServerParts, "database" | "feed"> {
  readonly log: ErrorLog;
}

/** A place that no feed knows: what follows is a reset. */
const NOWHERE: Since = { epoch: -1, seq: 0 };

/** The changes that one audience is told of: followed, cut and made once, however many listen. */
export class Channel {
  readonly audience: ChangeAudience;
  /** Resolves when the channel has a place in the feed. */
  readonly ready: Promise<void>;
  readonly #parts: ChannelParts;
  readonly #log: ErrorLog;
  readonly #teller: Teller;
  readonly #numbered: boolean;
  readonly #view: KioskView;
  readonly #members = new Set<ChannelMember>();
  readonly #stop: () => void;
  #position: FeedPosition = { epoch: -1, seq: 0 };
  /** Changes that wait for the end of the time that they are gathered for, by case, in order of the last of each. */
  #gathered = new Map<string, ToldChange>();
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(parts: ChannelParts, teller: Teller, audience: ChangeAudience) {
    this.#parts = parts;
    this.#log = parts.log;
    this.#teller = teller;
    this.audience = audience;
    this.#numbered = seesEveryCase(audience.cut);
    this.#view = new KioskView(audience.cut.pointDays, () => parts.feed.now());
    let placed = (): void => undefined;
    this.ready = new Promise((resolve) => {
      placed = resolve;
    });
    this.#stop = follow(parts.feed.bus, audience.county, NOWHERE, {
      onError: (error) => this.failed(error),
      onEvents: (events, position) => this.#happened(events, position),
      onReset: async (position) => {
        this.#drop();
        this.#position = position;
        for (const member of [...this.#members]) member.lost();
        await this.#readCounty();
        placed();
      },
    });
  }

  /** Behind what was told last. */
  get position(): FeedPosition {
    return this.#position;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  join(member: ChannelMember): void {
    this.#members.add(member);
  }

  leave(member: ChannelMember): void {
    this.#members.delete(member);
  }

  /** Says once that the channel could not be read, until it can. */
  failed(err: unknown): void {
    if (!this.#failing)
      this.#log({ err, county: this.audience.county }, "changes could not be read; it is tried again");
    this.#failing = true;
  }

  close(): void {
    this.#stop();
    this.#drop();
  }

  /** What this audience is told of some events. */
  cut(events: readonly ChangeEvent[], epoch: number): ToldChange[] {
    const { cut, area, kinds, plans } = this.audience;
    const told: ToldChange[] = [];
    for (const event of events) {
      this.#view.saw(event);
      const change = cutChange(event, { cut, area, pointsFrom: this.#view.pointsFrom(), plans });
      if (change && isWanted(change, kinds))
        told.push(this.#teller.tell(change, { epoch, seq: event.seq }, event.liveVersion, this.#numbered));
    }
    return told;
  }

  /** A reset to the place of the channel; what is told after it may be in the data that it names already. */
  async reset(): Promise<ToldChange> {
    const position = this.#position;
    // Read after the place was taken: the version is that of the place or a later one.
    const row = await this.#readCounty();
    return this.#teller.reset(position, row?.contentVersion ?? "0", row?.liveVersion ?? "0", this.#numbered);
  }

  async #readCounty(): Promise<CountyRow | undefined> {
    const { county } = this.audience;
    const row = await this.#parts.database.transaction({ kind: "county", county }, (tx) => findCounty(tx, county));
    this.#failing = false;
    if (row) this.#view.reload(asOfCounty(row, this.#parts.feed.now()));
    return row;
  }

  #happened(events: readonly ChangeEvent[], position: FeedPosition): void {
    const told = this.cut(events, position.epoch);
    if (this.audience.coalesceMs === 0) {
      this.#position = position;
      if (told.length > 0) this.#tell(told);
      return;
    }
    for (const change of told) {
      const key = change.model.id ?? change.model.kind;
      // Of several changes of one case only the last is told, at the place of that one.
      this.#gathered.delete(key);
      this.#gathered.set(key, change);
    }
    if (this.#gathered.size === 0) this.#position = position;
    else this.#timer ??= setTimeout(() => this.#flush(), this.audience.coalesceMs);
  }

  #flush(): void {
    this.#timer = undefined;
    const told = [...this.#gathered.values()];
    this.#gathered = new Map();
    const last = told.at(-1);
    if (!last) return;
    this.#position = last.position;
    this.#tell(told);
  }

  #tell(changes: readonly ToldChange[]): void {
    for (const member of this.#members) member.take(changes);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gathered = new Map();
  }
}

/** Loads of areas and counties touch cases too: whoever follows those is told. */
const isWanted = (
  { op, kind }: { readonly op: string; readonly kind: ChangeKind },
  kinds: readonly ChangeKind[] | null,
): boolean =>
  kinds === null ||
  kinds.includes(kind) ||
  kind === "county" ||
  (op === "BULK" && kind === "area" && kinds.includes("incident"));
