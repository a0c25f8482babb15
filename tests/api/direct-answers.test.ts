import { afterAll, beforeAll, expect, it } from "vitest";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { lintStatement } from "../helpers/sql-rules.ts";
import { ROOT_ADMIN, viewerAs } from "../helpers/viewers.ts";

const COUNTS =
  "towns communities villages compounds grids urbanGrids ruralGrids microGrids buildings households cameras camerasOnline";
const FIELDS = `__typename id code level kind name nameSort urban households areaM2 sourceRef label shape: geometry
  counts { __typename ${COUNTS} crew: staff { kind count } }`;
/** The same question twice: a directive sends it the ordinary way. */
const ask = (field: string, detour: boolean): string => `query ($inside: String!, $first: Int) {
  list: areas(filter: { inside: $inside, levels: [TOWN, COMMUNITY, GRID, MICRO] }, first: $first)
    ${detour ? "@include(if: true)" : ""} { __typename nodes { ...Parts } } }
  fragment Parts on Area { ${field} }`;

describeOnBothDatabases("direct answers", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const both = async (viewer: Viewer | null, inside: string, field = FIELDS, first = 1000) => {
    const ways = [];
    for (const detour of [false, true]) {
      api.takeStatements();
      const answer = await api.graphql(ask(field, detour), { inside, first }, viewer);
      ways.push({ answer, statements: api.takeStatements() });
    }
    const [direct, ordinary] = ways;
    if (!direct || !ordinary) throw new Error("nothing was asked");
    return { direct, ordinary };
  };

  it("are one statement that names the county, and equal to the resolvers' answers", async () => {
    const viewers = [
      ROOT_ADMIN,
      viewerAs("dispatcher", SMALL_COUNTY),
      viewerAs("leader", SMALL_CODES.town),
      viewerAs("admin", SMALL_CODES.community),
    ];
    for (const viewer of viewers)
      for (const [inside, field] of [SMALL_COUNTY, SMALL_CODES.town, SMALL_CODES.community, SMALL_CODES.gridA]
        .filter((code) => viewer === ROOT_ADMIN || code.startsWith(viewer.area))
        .flatMap((code) => [
          [code, FIELDS] as const,
          [code, "code counts { households staff { kind count } }"] as const,
        ])) {
        const { direct, ordinary } = await both(viewer, inside, field);
        expect(ordinary.answer.errors).toBeUndefined();
        expect(direct.answer, `${viewer.name} inside ${inside}`).toEqual(ordinary.answer);
        // A leader counts no cameras: those are published.
        if (viewer.role === "leader" && field === FIELDS) continue;
        expect(direct.statements, viewer.name).toHaveLength(1);
        expect(direct.statements.flatMap(({ sql }) => lintStatement(sql))).toEqual([]);
        expect(ordinary.statements.length).toBeGreaterThan(1);
      }
  });

  it("give a page's first rows, and nothing where nothing of a level lies inside", async () => {
    const { direct, ordinary } = await both(ROOT_ADMIN, SMALL_COUNTY, "code name", 3);
    expect(direct.answer).toEqual(ordinary.answer);
    expect(direct.answer.data).toMatchObject({ list: { nodes: [{}, {}, {}] } });
    const alone = await both(ROOT_ADMIN, SMALL_CODES.microA1, "code");
    expect(alone.direct.answer).toEqual(alone.ordinary.answer);
  });

  it("cut nothing but for whom they would be cut: everybody else is answered the ordinary way", async () => {
    const elsewhere: [Viewer | null, string, string][] = [
      // Counts of a place outside one's own area are published ones.
      [viewerAs("leader", SMALL_CODES.community), SMALL_CODES.village, FIELDS],
      [viewerAs("dispatcher", SMALL_COUNTY, { visitor: true }), SMALL_COUNTY, FIELDS],
      [viewerAs("wall", SMALL_COUNTY, { kind: "kiosk" }), SMALL_COUNTY, FIELDS],
      [viewerAs("auditor", SMALL_COUNTY), SMALL_COUNTY, FIELDS],
      [viewerAs("dispatcher", "990200"), SMALL_COUNTY, "code"],
      [null, SMALL_COUNTY, "code"],
      [ROOT_ADMIN, "990100777", "code"],
      [ROOT_ADMIN, "nowhere", "code"],
    ];
    for (const [viewer, inside, field] of elsewhere) {
      const { direct, ordinary } = await both(viewer, inside, field);
      expect(direct.answer, `${viewer?.name} inside ${inside}`).toEqual(ordinary.answer);
    }
  });

  it("are read once for equal scopes, anew for other scopes and other versions", async () => {
    const { database } = api;
    const once = async (viewer: Viewer) => {
      api.takeStatements();
      const asked = await Promise.all(
        Array.from({ length: 4 }, () =>
          api.graphql(ask("code name", false), { inside: SMALL_CODES.gridB, first: 9 }, viewer),
        ),
      );
      return {
        names: asked.map(({ data }) => JSON.stringify(data)),
        lists: api.takeStatements().filter(({ scope }) => scope.kind === "viewer"),
      };
    };
    const town = viewerAs("leader", SMALL_CODES.town);
    const first = await once(town);
    expect(first.lists).toHaveLength(1);
    expect(first.names[0]).toContain("云兴公园");
    expect(
      (await once(viewerAs("leader", SMALL_CODES.town, { accountId: "00000000-0000-7000-8000-000000000002" }))).lists,
    ).toHaveLength(1);
    expect((await once(viewerAs("leader", SMALL_COUNTY))).lists).toHaveLength(1);
    expect((await once(town)).lists).toHaveLength(0);
    await database.transaction({ kind: "loader", county: SMALL_COUNTY }, async (tx) => {
      await tx.execute("UPDATE area_version SET name = 'Park' WHERE county = $1 AND code = $2", [
        SMALL_COUNTY,
        SMALL_CODES.gridB,
      ]);
      await tx.execute("UPDATE county_profile SET content_version = content_version + 1 WHERE county = $1", [
        SMALL_COUNTY,
      ]);
    });
    const changed = await once(town);
    expect(changed.lists).toHaveLength(1);
    expect(new Set(changed.names)).toEqual(new Set([changed.names[0]]));
    expect(changed.names[0]).toContain("Park");
  });

  it("about now are read again only when something inside begins or ends", async () => {
    const { database } = api;
    const start = Date.parse(SMALL_NOW);
    const handover = new Date(start + 3_600_000).toISOString();
    const split = new Date(start + 7_200_000).toISOString();
    await database.transaction({ kind: "loader", county: SMALL_COUNTY }, async (tx) => {
      // The holders of every post of a grid leave, and later a grid of the community ends.
      await tx.execute(
        `UPDATE post_holder h SET valid = tstzrange(lower(h.valid), $3) FROM post_area pa JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id
         WHERE h.county = $1 AND pa.county = $1 AND pa.post_id = h.post_id AND v.code = $2`,
        [SMALL_COUNTY, SMALL_CODES.gridA, handover],
      );
      await tx.execute("UPDATE area_version SET valid = tstzrange(lower(valid), $3) WHERE county = $1 AND code = $2", [
        SMALL_COUNTY,
        SMALL_CODES.gridB,
        split,
      ]);
      await tx.execute("UPDATE county_profile SET content_version = content_version + 1 WHERE county = $1", [
        SMALL_COUNTY,
      ]);
    });
    const at = async (ms: number, field = "code counts { staff { kind count } }") => {
      api.setNow(new Date(ms).toISOString());
      const { direct, ordinary } = await both(ROOT_ADMIN, SMALL_CODES.community, field);
      expect(direct.answer).toEqual(ordinary.answer);
      return direct.statements.filter(({ scope }) => scope.kind === "viewer").length;
    };
    try {
      const steps = [0, 1, 1_800_000, 3_599_999, 3_600_000, 3_600_001, 7_199_999, 7_200_000, 9_000_000, 86_400_000];
      const read: number[] = [];
      for (const step of steps) read.push(await at(start + step));
      expect(read).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
      // Who asks for no staff does not care who holds a post.
      const names: number[] = [];
      for (const step of steps) names.push(await at(start + step, "code name"));
      expect(names).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    } finally {
      api.setNow(SMALL_NOW);
    }
  });

  it("quote what names may hold", async () => {
    const { database } = api;
    const strange = 'a"b\\c\n\u2028</script>';
    await database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.execute("UPDATE area_version SET name = $3 WHERE county = $1 AND code = $2", [
        SMALL_COUNTY,
        SMALL_CODES.gridA,
        strange,
      ]),
    );
    const { direct, ordinary } = await both(ROOT_ADMIN, SMALL_CODES.gridA, "code name");
    expect(direct.answer).toEqual(ordinary.answer);
    expect(direct.answer.data).toMatchObject({ list: { nodes: [{ name: strange }, {}, {}] } });
  });
});
