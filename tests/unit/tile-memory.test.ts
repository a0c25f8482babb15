import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { RequestContext } from "../../api/context.ts";
import type { CountyModel } from "../../api/mappers.ts";
import { sendTile } from "../../api/routes/tiles.ts";
import type { CountyQuery, TileLayer } from "../../api/tiles/tile-layer.ts";
import { LentBytes, TileMemory } from "../../api/tiles/tile-memory.ts";
import { TileService } from "../../api/tiles/tile-service.ts";
import type { Database } from "../../db/driver.ts";

const PAGE = 32 * 1024;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tiles of so many bytes, each full of its own column's number. */
const layerOf = (size: number, made: number[] = []): TileLayer<CountyQuery> => ({
  name: "numbers",
  description: "",
  resource: "map",
  minzoom: 0,
  maxzoom: 16,
  parameters: z.object({ county: z.string() }),
  vectorLayers: () => [],
  live: false,
  period: () => "",
  permission: () => "",
  async encode({ tile, room }) {
    await turn();
    made.push(tile.x);
    return room(size).fill(tile.x);
  },
});
const COUNTY = { county: "990100", contentVersion: "1", liveVersion: "0", asOf: "2026-01-01T00:00:00Z" } as CountyModel;
const CONTEXT = { viewer: null, nowMs: 0 } as RequestContext;
const QUERY = { county: "990100" };
/** Nothing here asks a database. */
const serviceWith = (bytes: number, memory: number): TileService => new TileService({} as Database, bytes, memory);
const isFullOf = (bytes: Uint8Array, x: number, size: number): boolean =>
  bytes.length === size && Buffer.compare(bytes, Buffer.alloc(size, x)) === 0;

describe("memory that tiles use in turn", () => {
  it("is never given to two at a time, whatever is taken and given back", () => {
    const step = fc.record({ take: fc.boolean(), size: fc.integer({ min: 0, max: PAGE * 5 }), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const memory = new TileMemory(PAGE * 12);
        const held: { readonly bytes: Uint8Array; readonly mark: number }[] = [];
        steps.forEach(({ take, size, which }, n) => {
          const mark = (n % 255) + 1;
          if (take) held.push({ bytes: memory.take(size).fill(mark), mark });
          else for (const { bytes } of held.splice(which % Math.max(1, held.length), 1)) memory.giveBack(bytes);
          for (const { bytes, mark: own } of held) expect(bytes.every((byte) => byte === own)).toBe(true);
          expect(memory.bytes).toBeLessThanOrEqual(PAGE * 12);
        });
        for (const { bytes } of held) memory.giveBack(bytes);
        expect(memory.bytes).toBe(0);
        expect(memory.take(PAGE * 12).byteOffset, "all of it is one piece again").toBe(0);
      }),
      { numRuns: 80 },
    );
  });

  it("has no room for small tiles and for too many: they get memory of their own, and nothing else changes", () => {
    const memory = new TileMemory(PAGE * 4);
    const [small, large, beyond] = [memory.take(100), memory.take(PAGE * 3 + 1), memory.take(PAGE)];
    expect([small.buffer === large.buffer, beyond.buffer === large.buffer]).toEqual([false, false]);
    expect([small.length, large.length, beyond.length]).toEqual([100, PAGE * 3 + 1, PAGE]);
    memory.giveBack(small);
    memory.giveBack(beyond);
    expect(memory.bytes).toBe(PAGE * 4);
    memory.giveBack(large);
    expect(memory.take(PAGE).buffer).toBe(large.buffer);
  });

  it("is given back once, by the last who is done", () => {
    let given = 0;
    const bytes = new LentBytes(new Uint8Array(4), () => given++);
    bytes.use().use();
    bytes.done();
    expect(given).toBe(0);
    bytes.done();
    expect(given).toBe(1);
  });
});

describe("tiles in that memory", () => {
  const SIZE = PAGE * 2;
  const at = (x: number) => ({ z: 8, x, y: 0 });

  it("stay as they are while somebody sends them, however many are made meanwhile", async () => {
    // Room for two in the cache, for six in the memory.
    const service = serviceWith(SIZE * 1.5 * 2 + 2048, SIZE * 6);
    const layer = layerOf(SIZE);
    const ask = (x: number) => service.tile(layer, CONTEXT, COUNTY, at(x), QUERY);
    const first = await ask(1);
    for (let x = 2; x < 60; x++) {
      const one = await ask(x);
      expect(isFullOf(one.bytes, x, SIZE)).toBe(true);
      one.done();
      await turn();
      expect(isFullOf(first.bytes, 1, SIZE), `after ${x}`).toBe(true);
      expect(service.memoryInUse).toBeLessThanOrEqual(SIZE * 4);
    }
    const again = await ask(1);
    expect(again, "put out of the cache meanwhile").not.toBe(first);
    first.done();
    again.done();
    await turn();
    expect(service.memoryInUse, "what the cache holds").toBe(SIZE * 2);
  });

  it("are each what was asked for, for many at a time who come and go", async () => {
    const service = serviceWith(SIZE * 1.5 * 3 + 4096, SIZE * 8);
    const made: number[] = [];
    const layer = layerOf(SIZE, made);
    let asked = 0;
    const client = async (n: number): Promise<void> => {
      for (let round = 0; round < 80; round++) {
        const x = ((n * 7 + round * round) % 11) + 1;
        const tile = await service.tile(layer, CONTEXT, COUNTY, at(x), QUERY);
        asked++;
        for (let turns = (n + round) % 4; turns > 0; turns--) await turn();
        expect(isFullOf(tile.bytes, x, SIZE), `client ${n}, round ${round}, tile ${x}`).toBe(true);
        tile.done();
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => client(n)));
    expect(made.length, "shared and kept").toBeLessThan(asked);
    expect(made.length, "put out and made again").toBeGreaterThan(100);
    await turn();
    expect(service.memoryInUse).toBe(SIZE * 3);
  });

  it("of equal content are kept once", async () => {
    const service = serviceWith(SIZE * 20, SIZE * 6);
    const layer = layerOf(SIZE);
    const [before, after] = [COUNTY, { ...COUNTY, contentVersion: "2" }];
    const one = await service.tile(layer, CONTEXT, before, at(1), QUERY);
    const other = await service.tile(layer, CONTEXT, after, at(1), QUERY);
    expect(other).toBe(one);
    one.done();
    other.done();
    await turn();
    expect(service.memoryInUse).toBe(SIZE);
  });

  it("of a making that fails leave nothing in use", async () => {
    const service = serviceWith(SIZE * 20, SIZE * 6);
    const failing = { ...layerOf(SIZE), encode: () => Promise.reject(new Error("away")) };
    await expect(service.tile(failing, CONTEXT, COUNTY, at(1), QUERY)).rejects.toThrow("away");
    const tile = await service.tile(layerOf(SIZE), CONTEXT, COUNTY, at(1), QUERY);
    tile.done();
    await turn();
    expect(service.memoryInUse).toBe(SIZE);
  });

  it("arrive whole at a client that reads slowly, and are free when it has them or is gone", async () => {
    // More than the system takes off the server's hands at once.
    const large = 16 * 1024 * 1024;
    const service = serviceWith(large * 1.5 + 2048, large * 4);
    const layer = layerOf(large);
    const app = fastify();
    app.get<{ Params: { x: string } }>("/:x", (request, reply) =>
      sendTile(request, reply, {
        tiles: service,
        layer,
        context: CONTEXT,
        county: COUNTY,
        tile: at(Number(request.params.x)),
        query: QUERY,
      }),
    );
    await app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const ask = async (x: number): Promise<IncomingMessage> => {
      const request = get({ host: "127.0.0.1", port, path: `/${x}`, agent: false });
      const [answer] = (await once(request, "response")) as [IncomingMessage];
      return answer;
    };
    const read = async (answer: IncomingMessage): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      return Buffer.concat(parts);
    };
    try {
      const slow = await ask(1);
      const leaves = await ask(2);
      for (const x of [3, 4, 5, 6]) expect(isFullOf(await read(await ask(x)), x, large)).toBe(true);
      expect(service.memoryInUse, "the slow one's, the leaving one's, the cache's").toBe(large * 3);
      expect(isFullOf(await read(slow), 1, large)).toBe(true);
      leaves.destroy();
      await expect.poll(() => service.memoryInUse).toBe(large);
    } finally {
      await app.close();
    }
  });
});
