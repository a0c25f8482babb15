import { readFileSync } from "node:fs";
import { Kind, parse, print } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeColumns } from "../../data/columns/format.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { coordinateNeedles, found } from "../helpers/byte-search.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const ANCHOR = "2026-01-15T10:30:00+08:00";
const SENSITIVE = new Set(CLASS_CODES.filter(({ sensitive }) => sensitive).map(({ code }) => code));

describeOnBothDatabases("what a wall is sent", (open) => {
  let api: TestApi;
  let data: CountyDataset;
  let county = "";
  beforeAll(async () => {
    const { database } = await open();
    data = generate(DEMO_PROFILES.gucheng, "wall", ANCHOR);
    county = data.profile.county;
    api = await testApiOver(database, { datasets: [data], classes: CLASS_CODES, now: ANCHOR });
  });
  afterAll(() => api.close());

  const operations = parse(readFileSync(new URL("../../web/seats/wall/wall.graphql", import.meta.url), "utf8"));
  const published = readFileSync(new URL("../../web/data/cube.graphql", import.meta.url), "utf8");

  it("counts ordinary cases only, in every live answer", async () => {
    const wall = viewerAs("wall", county);
    const answer = await api.graphql<{ stats: { groups: { key: string[] }[] } }>(
      `{ stats(filter: { inside: "${county}" }, by: [CLASS]) { groups { key count } } }`,
      {},
      wall,
    );
    const classes = answer.data?.stats.groups.map(({ key }) => key[0] as string) ?? [];
    expect(classes.length).toBeGreaterThan(10);
    expect(classes.filter((code) => SENSITIVE.has(code))).toEqual([]);
    const ordinary = data.incidents.filter(({ classCode }) => !SENSITIVE.has(classCode));
    const heat = await api.graphql<{ heat: { cells: number[] } }>(
      `{ heat(filter: { inside: "${county}" }, cellM: 2000) { cells } }`,
      {},
      wall,
    );
    const drawn = (heat.data?.heat.cells ?? []).filter((_, i) => i % 4 === 2).reduce((sum, count) => sum + count, 0);
    expect(drawn).toBe(ordinary.filter(({ suspicious }) => !suspicious).length);
  });

  it("is sent no point, number or time of a sensitive case", async () => {
    const wall = viewerAs("wall", county);
    const headers = viewerHeaders(wall);
    const columns = await api.app.inject({ url: `/columns/incidents?county=${county}`, headers });
    expect(columns.statusCode).toBe(200);
    const rows = incidentColumns(decodeColumns(columns.rawPayload));
    const sensitive = data.incidents.filter(({ classCode }) => SENSITIVE.has(classCode));
    expect(rows.rows).toBe(data.incidents.length - sensitive.length);
    const refs = new Set(rows.ref);
    expect(sensitive.filter(({ ref }) => refs.has(ref))).toEqual([]);
    const traffic: Uint8Array[] = [columns.rawPayload];
    const ask = async (query: string, variables: object): Promise<void> => {
      const payload = { query, variables };
      traffic.push((await api.app.inject({ method: "POST", url: "/graphql", headers, payload })).rawPayload);
    };
    const fragments = operations.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    for (const operation of operations.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      const text = [operation, ...(operation.name?.value === "WallStory" ? fragments : [])].map(print).join("\n");
      for (const { ref } of [...sensitive.slice(0, 25), ...data.incidents.slice(0, 5)])
        await ask(text, operation.name?.value === "WallStory" ? { county, ref } : { area: county });
    }
    await ask(published, { county, months: [] });
    await ask(published, { county, months: ["2025-12", "2026-01"] });
    const bytes = Buffer.concat(traffic);
    const ordinaryPlaces = new Set(
      data.incidents.filter(({ classCode }) => !SENSITIVE.has(classCode)).flatMap(({ point }) => point.map(String)),
    );
    let sought = 0;
    for (const { point, openedAt } of sensitive) {
      for (const [i, degrees] of point.entries()) {
        // A coordinate that an ordinary case shares would be found for its sake; rounded ones are shared by chance.
        if (ordinaryPlaces.has(String(degrees))) continue;
        const needles = coordinateNeedles(degrees, i ? "lat" : "lon").filter(({ name }) =>
          / as (text|int32|float64)$|lattice units as text/.test(name),
        );
        expect(found(bytes, needles), `${openedAt} ${degrees}`).toEqual([]);
        sought++;
      }
    }
    expect(sought).toBeGreaterThan(100);
  });
});
