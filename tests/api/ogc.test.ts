import proj4 from "proj4";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { openApiDocument } from "../../api/ogc/openapi.ts";
import { Prng } from "../../data/demo/prng.ts";
import { FEATURE_CRS } from "../../data/ogc/crs.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { openTestApi, type TestApi } from "../helpers/api.ts";
import { featuresOf } from "../helpers/read-tile.ts";
import { DISPATCHER } from "../helpers/reports.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const CASES = 300;
const data = smallCounty(CASES);
const INCIDENTS = `/ogc/collections/${SMALL_COUNTY}.incidents`;

interface Item {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | number | boolean | null>>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}
interface Page {
  readonly numberMatched: number;
  readonly numberReturned: number;
  readonly features: readonly Item[];
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}

const placeOf = (item: Item | undefined): number[] => {
  if (item?.geometry.type !== "Point") throw new Error("not a point");
  return [...(item.geometry.coordinates as number[])];
};

describe("OGC API", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ datasets: [data], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const get = (url: string, viewer = DISPATCHER, headers: Record<string, string> = {}) =>
    api.app.inject({ url, headers: { ...viewerHeaders(viewer), ...headers } });
  const json = async <Answer>(url: string, viewer = DISPATCHER): Promise<Answer> => {
    const answer = await get(url, viewer);
    expect(answer.statusCode, `${url} ${answer.body.slice(0, 300)}`).toBe(200);
    return answer.json<Answer>();
  };
  const local = (href: string): string => href.replace(/^https?:\/\/[^/]+/, "");
  /** Every feature, page by page. */
  const all = async (url: string, viewer = DISPATCHER): Promise<Item[]> => {
    const found: Item[] = [];
    let next: string | undefined = url;
    while (next !== undefined) {
      const page: Page = await json<Page>(next, viewer);
      expect(page.numberReturned).toBe(page.features.length);
      found.push(...page.features);
      const link = page.links.find(({ rel }) => rel === "next");
      next = link && local(link.href);
    }
    return found;
  };
  const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id).toSorted();
  const everything = (): Promise<Item[]> => all(`${INCIDENTS}/items?limit=10000`);

  it("leads from the landing page to every document, each of which answers in both forms", async () => {
    const seen = new Set<string>();
    const open = ["/ogc"];
    for (let url = open.pop(); url !== undefined; url = open.pop()) {
      const path = url.includes("/ogc") ? (url.split("?")[0] ?? "") : url;
      if (seen.has(path) || path.includes("{")) continue;
      seen.add(path);
      const answer = await get(path);
      expect(answer.statusCode, path).toBe(200);
      const links = [...answer.body.matchAll(/"href":"https?:\/\/[^/"]+([^"]+)"/g)].map(([, href]) => href ?? "");
      open.push(...links.filter((href) => !/\/items\//.test(href)));
      if (!path.startsWith("/ogc")) continue;
      const html = await get(path, DISPATCHER, { accept: "text/html,*/*;q=0.8" });
      expect(html.headers["content-type"], path).toBe("text/html; charset=utf-8");
      expect(html.body).toContain("<h1>");
    }
    for (const path of ["/conformance", "/api", "/collections", "/tileMatrixSets/WebMercatorQuad"])
      expect(seen).toContain(`/ogc${path}`);
    expect([...seen].filter((path) => path.startsWith("/tiles/")).length).toBe(5);
    expect([...seen].filter((path) => path.endsWith("/items")).length).toBe(6);
  });

  it("describes itself as OpenAPI whose references resolve and whose paths answer", async () => {
    const answer = await get("/ogc/api");
    expect(answer.headers["content-type"]).toContain("application/vnd.oai.openapi+json;version=3.0");
    const document = answer.json<ReturnType<typeof openApiDocument>>();
    expect(document.openapi).toMatch(/^3\.0\.\d$/);
    const text = JSON.stringify(document);
    for (const [, ref = ""] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = ref.split("/").reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect(found, ref).toBeDefined();
    }
    const names = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(Object.keys(document.paths).length);
    for (const path of Object.keys(document.paths)) {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `#/components/parameters/${name}`);
      for (const one of parameters) expect(JSON.stringify(document.paths[path]), path).toContain(one);
      if (parameters.length === 0) expect((await get(`/ogc${path}`)).statusCode, path).toBe(200);
    }
  });

  it("gives boxes in every reference system as brute force does", async () => {
    proj4.defs("EPSG:4490", "+proj=longlat +ellps=GRS80 +no_defs");
    const cases = await everything();
    expect(cases.length).toBe(CASES);
    const prng = new Prng("ogc/bbox");
    for (let n = 0; n < 24; n++) {
      const crs = FEATURE_CRS[n % FEATURE_CRS.length];
      if (!crs) throw new Error("no system");
      const [a, b] = [prng.pick(cases), prng.pick(cases)].map(
        ({ geometry }) => geometry.coordinates as [number, number],
      );
      if (!a || !b) throw new Error("no case");
      const [west, east] = [Math.min(a[0], b[0]) - 1e-6, Math.max(a[0], b[0]) + 1e-6];
      const [south, north] = [Math.min(a[1], b[1]) - 1e-6, Math.max(a[1], b[1]) + 1e-6];
      const code = crs.uri.split("/").at(-1);
      // The axes of each system by its authority's word, the numbers by a library of others.
      const corner = (lon: number, lat: number): readonly number[] =>
        code === "CRS84" ? [lon, lat] : code === "3857" ? proj4("EPSG:3857").forward([lon, lat]) : [lat, lon];
      const box = [...corner(west, south), ...corner(east, north)];
      const withHeights = [...box.slice(0, 2), -10, ...box.slice(2), 9000];
      const text = (n % 2 ? box : withHeights).join(",");
      const found = await all(`${INCIDENTS}/items?limit=10000&bbox=${text}&bbox-crs=${encodeURIComponent(crs.uri)}`);
      const expected = cases.filter(({ geometry }) => {
        const [lon, lat] = geometry.coordinates as [number, number];
        return lon >= west && lon <= east && lat >= south && lat <= north;
      });
      expect(expected.length).toBeGreaterThan(0);
      expect(ids(found), `${crs.uri} ${text}`).toEqual(ids(expected));
    }
    const areas = await all(`/ogc/collections/${SMALL_COUNTY}.areas/items`);
    const [lon, lat] = data.areas[4]?.label ?? [0, 0];
    const around = await all(`/ogc/collections/${SMALL_COUNTY}.areas/items?bbox=${lon},${lat},${lon},${lat}`);
    const holds = ({ geometry }: Item): boolean => {
      const rings = (geometry.coordinates as number[][][][]).flat(2);
      const [xs, ys] = [rings.map(([x = 0]) => x), rings.map(([, y = 0]) => y)];
      return Math.min(...xs) <= lon && Math.max(...xs) >= lon && Math.min(...ys) <= lat && Math.max(...ys) >= lat;
    };
    expect(around.length).toBeGreaterThan(1);
    // Areas of the fixture are boxes.
    expect(ids(around)).toEqual(ids(areas.filter(holds)));
  });

  it("gives coordinates in the reference system that is asked for, and says which", async () => {
    const plain = await everything();
    for (const { uri } of FEATURE_CRS) {
      const answer = await get(`${INCIDENTS}/items?limit=10000&crs=${encodeURIComponent(uri)}`);
      expect(answer.headers["content-crs"]).toBe(`<${uri}>`);
      const code = uri.split("/").at(-1);
      for (const [n, { geometry }] of answer.json<Page>().features.entries()) {
        const [lon = 0, lat = 0] = placeOf(plain[n]);
        const [first = 0, second = 0] = geometry.coordinates as number[];
        const expected =
          code === "CRS84" ? [lon, lat] : code === "3857" ? proj4("EPSG:3857").forward([lon, lat]) : [lat, lon];
        expect(Math.abs(first - (expected[0] ?? 0))).toBeLessThan(code === "3857" ? 0.001 : 1e-9);
        expect(Math.abs(second - (expected[1] ?? 0))).toBeLessThan(code === "3857" ? 0.001 : 1e-9);
      }
    }
    const [one] = plain;
    const item = await get(`${INCIDENTS}/items/${one?.id}?crs=${encodeURIComponent(FEATURE_CRS[1]?.uri ?? "")}`);
    expect(item.json<Item>().geometry.coordinates).toEqual(placeOf(one).reverse());
  });

  it("gives times and properties as brute force does", async () => {
    const cases = await everything();
    const opened = ({ properties }: Item): number => Date.parse(String(properties["opened"]));
    const sorted = cases.map(opened).toSorted((a, b) => a - b);
    const [early = 0, late = 0] = [sorted[60], sorted[200]];
    const text = (ms: number): string => new Date(ms).toISOString();
    const asked: [string, (item: Item) => boolean][] = [
      [text(early), (item) => opened(item) === early],
      [`${text(early)}/${text(late)}`, (item) => opened(item) >= early && opened(item) <= late],
      [`../${text(early)}`, (item) => opened(item) <= early],
      [`${text(late)}/..`, (item) => opened(item) >= late],
      [`/${text(early)}`, (item) => opened(item) <= early],
      [`${text(late)}/`, (item) => opened(item) >= late],
      ["../..", () => true],
    ];
    for (const [datetime, holds] of asked) {
      const found = await all(`${INCIDENTS}/items?limit=10000&datetime=${encodeURIComponent(datetime)}`);
      expect(ids(found), datetime).toEqual(ids(cases.filter(holds)));
      expect(found.length, datetime).toBeGreaterThan(0);
    }
    for (const name of Object.keys(cases[0]?.properties ?? {})) {
      const value = cases.map(({ properties }) => properties[name]).find((one) => one !== null && one !== undefined);
      if (value === undefined) continue;
      const found = await all(`${INCIDENTS}/items?limit=10000&${name}=${encodeURIComponent(String(value))}`);
      expect(ids(found), `${name}=${value}`).toEqual(ids(cases.filter(({ properties }) => properties[name] === value)));
    }
    const both = await all(`${INCIDENTS}/items?limit=10000&state=closed&class=02003`);
    expect(ids(both)).toEqual(
      ids(cases.filter(({ properties: p }) => p["state"] === "closed" && p["class"] === "02003")),
    );
  });

  it("pages through everything once, while others write", async () => {
    const before = ids(await everything());
    const found: string[] = [];
    let next: string | undefined = `${INCIDENTS}/items?limit=37`;
    for (let n = 0; next !== undefined; n++) {
      const page: Page = await json<Page>(next);
      found.push(...page.features.map(({ id }) => id));
      const link = page.links.find(({ rel }) => rel === "next");
      next = link && local(link.href);
      // Between two pages: cases change their state and class, and new ones come in before and after the place of reading.
      await api.database.transaction({ kind: "loader", county: SMALL_COUNTY }, async (tx) => {
        await tx.execute(
          "UPDATE incident SET state = 'handling', version = version + 1 WHERE county = $1 AND ref % 3 = $2::int",
          [SMALL_COUNTY, n % 3],
        );
        for (const seed of ["00000000", "ffffffff"])
          await tx.execute(
            `INSERT INTO incident (county, id, ref, class_code, severity, source, state, title, geom, opened_at, border, suspicious, version, sensitive)
             SELECT county, (left(id::text, 24) || $2 || lpad($3::text, 4, '0'))::uuid, 900000 + $3::int, class_code, severity, source, state, 'new', geom, opened_at, border, suspicious, 1, false
             FROM incident WHERE county = $1 AND ref = 1`,
            [SMALL_COUNTY, seed, n],
          );
      });
    }
    expect(new Set(found).size).toBe(found.length);
    expect(before.filter((id) => !found.includes(id))).toEqual([]);
    await api.database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.execute("DELETE FROM incident WHERE county = $1 AND ref >= 900000", [SMALL_COUNTY]),
    );
  });

  it.each([
    "items?limit=0",
    "items?limit=-1",
    "items?limit=ten",
    "items?limit=5&limit=6",
    "items?bbox=1,2,3",
    "items?bbox=1,2,3,4,5",
    "items?bbox=1,2,3,NaN",
    "items?bbox=1,2,3,1e999",
    "items?bbox=",
    "items?bbox=113,41,114,40",
    "items?bbox=200,40,201,41",
    "items?bbox=113,40,114,41&bbox-crs=EPSG:4326",
    "items?bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
    "items?bbox=114,40,113,41&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857",
    "items?datetime=yesterday",
    "items?datetime=2026-01-15",
    "items?datetime=2026-13-01T00:00:00Z",
    "items?datetime=0000-01-01T00:00:00Z",
    "items?datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z",
    "items?datetime=2026-01-01T00:00:00Z/2026-01-02T00:00:00Z/2026-01-03T00:00:00Z",
    "items?datetime=/",
    "items?crs=EPSG:3857",
    "items?crs=http://www.opengis.net/def/crs/EPSG/0/2000",
    "items?cursor=abc",
    "items?cursor=WyJhIiwiYiJd",
    "items?unknown=1",
    "items?ref=one",
    "items?border=yes",
    "items?opened=today",
    "items?title=%00",
    "items?f=xml",
    "items/0?limit=1",
    "?f=pdf",
    "/../../collections?limit=1",
    "tiles/WebMercatorQuad/99/0/0",
    "tiles/WebMercatorQuad/1/2/0",
  ])("answers %s with 400 and a problem document", async (path) => {
    const url = path.startsWith("?") ? `${INCIDENTS}${path}` : `${INCIDENTS}/${path}`;
    const answer = await get(url.replace("incidents//../../collections", "incidents/../../collections"));
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.statusCode === 400 || (path.startsWith("/..") && answer.statusCode === 404), answer.body).toBe(true);
    expect(answer.json()).toMatchObject({ status: answer.statusCode, detail: expect.any(String) });
  });

  it("does not know what is not there, and refuses what is not for the viewer", async () => {
    for (const path of [
      "/ogc/collections/nothing",
      "/ogc/collections/999999.grids/items",
      `/ogc/collections/${SMALL_COUNTY}.staff/items`,
      `${INCIDENTS}/items/nothing`,
      `${INCIDENTS}/items/00000000-0000-7000-8000-000000000000`,
      `${INCIDENTS}/tiles/WorldCRS84Quad/0/0/0`,
      `/ogc/collections/${SMALL_COUNTY}.stations/tiles`,
    ])
      expect((await get(path)).statusCode, path).toBe(404);
    const visitor = viewerAs("leader", SMALL_COUNTY, { visitor: true });
    expect((await get(`${INCIDENTS}/items`, visitor)).statusCode).toBe(403);
    const { collections } = await json<{ collections: { id: string }[] }>("/ogc/collections", visitor);
    expect(collections.map(({ id }) => id)).toEqual(
      ["areas", "grids", "compounds", "stations"].map((kind) => `${SMALL_COUNTY}.${kind}`),
    );
    const kiosk = viewerAs("wall", SMALL_COUNTY, { kind: "kiosk", accountId: null, pointDays: 7 });
    expect((await get("/ogc", kiosk)).statusCode).toBe(403);
    const nobody = await api.app.inject({ url: "/ogc", headers: viewerHeaders(null) });
    expect(nobody.statusCode).toBe(401);
    expect(nobody.headers["www-authenticate"]).toMatch(/^Basic /);
  });

  it("tells planners no free text, and asks for none of it", async () => {
    const planner = viewerAs("planner", SMALL_COUNTY);
    const items = await all(`${INCIDENTS}/items?limit=10000`, planner);
    expect(items.length).toBeGreaterThan(0);
    for (const { properties } of items) expect(properties).not.toHaveProperty("title");
    expect((await get(`${INCIDENTS}/items?title=x`, planner)).statusCode).toBe(400);
  });

  it("keeps boundaries of other times, and shows those of today without being asked", async () => {
    const grids = `/ogc/collections/${SMALL_COUNTY}.grids/items`;
    const now = await all(grids);
    expect(now.map(({ properties }) => properties["code"])).toContain(SMALL_CODES.gridA);
    expect(await all(`${grids}?datetime=1980-01-01T00:00:00Z`)).toEqual([]);
    expect(ids(await all(`${grids}?datetime=..%2F..`)).length).toBeGreaterThanOrEqual(now.length);
  });

  it("escapes what it writes into pages", async () => {
    await api.database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.execute(`UPDATE incident SET title = '<script>alert("1")</script>&''' WHERE county = $1 AND ref = 1`, [
        SMALL_COUNTY,
      ]),
    );
    const page = await get(`${INCIDENTS}/items?ref=1&f=html`);
    expect(page.body).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
    expect(page.body).not.toContain("<script");
  });

  it("serves the same tiles as /tiles, by row before column", async () => {
    const item = (await everything())[0];
    const [lon = 0, lat = 0] = placeOf(item);
    const z = 12;
    const x = Math.floor(((lon + 180) / 360) * 2 ** z);
    const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
    const ogc = await get(`/ogc/collections/${SMALL_COUNTY}.grids/tiles/WebMercatorQuad/${z}/${y}/${x}`);
    const own = await get(`/tiles/grids/${z}/${x}/${y}.mvt?county=${SMALL_COUNTY}`);
    expect(ogc.statusCode).toBe(200);
    expect(ogc.rawPayload.equals(own.rawPayload)).toBe(true);
    expect(featuresOf(ogc.rawPayload, "grids").length).toBeGreaterThan(0);
  });
});
