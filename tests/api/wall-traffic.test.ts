import { afterAll, beforeAll, expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { fromLattice, type LonLat, toLattice } from "../../data/model/geometry.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { at } from "../fixtures/small-county-base.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { coordinateNeedles, found, type Needle, textNeedles } from "../helpers/byte-search.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { DISPATCHER, ORDINARY_CLASS, report, SENSITIVE_CLASS, take } from "../helpers/reports.ts";
import { viewerAs } from "../helpers/viewers.ts";
import { type Traffic, WALL_OPERATIONS, WallClient } from "../helpers/wall-client.ts";

/** An hour of a wall, in steps of the server's clock; the full form would be one of 30 s, as the client's timers are. */
const HOUR_MS = 3_600_000;
const STEP_MS = 4 * 60_000;

/**
 * While a wall asks for everything that its client can ask for, sensitive cases come in at places of their own and with
 * titles of their own, and ordinary ones with titles. None of that may be in any byte that the wall gets.
 */
describeOnBothDatabases("an hour of a wall", (open) => {
  let api: TestApi;
  let wall: WallClient;
  const codes = [SMALL_COUNTY, SMALL_CODES.microA1];
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
    const kiosk = viewerAs("wall", SMALL_COUNTY, { kind: "kiosk", accountId: null, pointDays: 30 });
    wall = new WallClient(api, kiosk, SMALL_COUNTY);
  });
  afterAll(() => api.close());

  const search = (traffic: Traffic, needles: readonly Needle[]): string[] =>
    traffic.flatMap(({ request, bytes }) => found(bytes, needles).map((form) => `${request}: ${form}`));

  it("carries no description and no place of a sensitive case", async () => {
    expect(WALL_OPERATIONS.length).toBeGreaterThan(4);
    const prng = new Prng("wall traffic");
    const start = Date.parse(SMALL_NOW);
    const before = await wall.round(codes, []);
    expect(before.filter(({ status }) => status === 200).length).toBeGreaterThan(8);
    const known = [...wall.refs];
    expect(known.length).toBeGreaterThan(10);

    /**
     * A place inside the county that no answer names yet, not even rounded, and that shares no rounded coordinate with
     * places of the other kind: lists name those of ordinary cases.
     */
    const freshPlace = (others: readonly LonLat[]): LonLat => {
      for (;;) {
        const [west, south] = at(0, 0);
        const place: LonLat = [
          fromLattice(toLattice(west + prng.range(0.001, 0.039))),
          fromLattice(toLattice(south + prng.range(0.001, 0.009))),
        ];
        const isApart = others.every((other) =>
          other.every((value, axis) => Math.abs(value - (place[axis] as number)) > 0.0002),
        );
        if (isApart && search(before, needlesOf(place)).length === 0) return place;
      }
    };
    const secrets: Needle[] = [];
    const ordinary: { readonly place: LonLat; readonly ref: number }[] = [];
    const sensitive: number[] = [];
    const hiddenPlaces: LonLat[] = [];
    // By content: most answers of a wall are those of the round before.
    const answers = new Map<string, Traffic[number]>();
    let count = 0;
    for (let ms = STEP_MS; ms <= HOUR_MS; ms += STEP_MS) {
      api.setNow(new Date(start + ms).toISOString());
      const place = freshPlace(ordinary.map((one) => one.place));
      hiddenPlaces.push(place);
      const name = `MARKER${prng.uint32().toString(36)}KREMA`;
      const hidden = await report(api, { class: SENSITIVE_CLASS, title: `邻里${name}`, lon: place[0], lat: place[1] });
      if (prng.chance(0.5)) await take(api, hidden.incident.id, 1, DISPATCHER);
      secrets.push(...textNeedles(`邻里${name}`), ...textNeedles(name), ...needlesOf(place));
      sensitive.push(hidden.incident.ref);
      const open = freshPlace(hiddenPlaces);
      const title = `OPEN${prng.uint32().toString(36)}NEPO`;
      const shown = await report(api, { class: ORDINARY_CLASS, title, lon: open[0], lat: open[1] });
      ordinary.push({ place: open, ref: shown.incident.ref });
      secrets.push(...textNeedles(title));
      // Cases of its own story, and those that it must not know: asking for their numbers gives nothing away either.
      const refs = [...wall.refs.slice(-3), ...sensitive.slice(-2)];
      const traffic = await wall.round(codes, refs);
      count += traffic.length;
      for (const answer of traffic) answers.set(answer.bytes.toString("latin1"), answer);
    }
    expect(count).toBeGreaterThan(200);
    expect(search([...before, ...answers.values()], secrets)).toEqual([]);
    // The search does find what is there: ordinary cases came over as points, and every one of them was searched for.
    const fresh = new WallClient(api, wall.viewer, SMALL_COUNTY);
    const last = await fresh.round(codes, []);
    const points = last.filter(({ request }) => request.startsWith("/columns/incidents"));
    for (const { place, ref } of ordinary) {
      expect(fresh.refs).toContain(ref);
      expect(search(points, needlesOf(place)).length).toBeGreaterThanOrEqual(2);
    }
    expect(fresh.refs.filter((ref) => sensitive.includes(ref))).toEqual([]);
    expect(fresh.refs.length).toBe(known.length + ordinary.length);
  }, 180_000);
});

const needlesOf = ([lon, lat]: LonLat): Needle[] => [
  ...coordinateNeedles(lon, "lon"),
  ...coordinateNeedles(lat, "lat"),
];
