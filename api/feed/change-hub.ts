import type { Sealer } from "../seal/sealer.ts";
import { Channel, type ChannelParts } from "./channel.ts";
import { type ChangeSink, Subscriber } from "./subscriber.ts";
import { Teller } from "./told-change.ts";
import { audienceKey, type ChangeStream } from "./viewer-changes.ts";

export interface HubParts extends ChannelParts {
  readonly sealer: Sealer;
}

/** The channels of a server, one per audience that somebody belongs to. */
export class ChangeHub {
  readonly #parts: HubParts;
  readonly #channels = new Map<string, Channel>();
  readonly #tellers = new Map<string, Teller>();

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  /** How many audiences are followed now. */
  get channels(): number {
    return this.#channels.size;
  }

  /** Tells a client what a stream names, until it is given up. @returns gives it up */
  open({ audience, since }: ChangeStream, sink: ChangeSink): () => void {
    const key = audienceKey(audience);
    const channel = this.#channels.get(key) ?? new Channel(this.#parts, this.#tellerOf(audience.county), audience);
    this.#channels.set(key, channel);
    const subscriber = new Subscriber(this.#parts.feed.bus, channel, sink, since);
    return () => {
      subscriber.end();
      if (!channel.isEmpty || this.#channels.get(key) !== channel) return;
      this.#channels.delete(key);
      channel.close();
    };
  }

  #tellerOf(county: string): Teller {
    const teller = this.#tellers.get(county) ?? new Teller(this.#parts.sealer, county);
    this.#tellers.set(county, teller);
    return teller;
  }
}
