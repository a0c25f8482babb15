import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { codeOf } from "../helpers/reports.ts";
import {
  AT_FIRST,
  AT_SECOND,
  answered,
  FIRST,
  INSIDE,
  OF_COUNTY,
  ownership,
  person,
  reportAt,
  reported,
  SENSITIVE,
} from "../helpers/routing.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

interface Advice {
  readonly version: string;
  readonly suggestions: readonly {
    readonly score: number;
    readonly post: { readonly id: string; readonly kind: string };
    readonly factors: readonly {
      readonly key: string;
      readonly value: number;
      readonly score: number;
      readonly weight: number;
    }[];
  }[];
  readonly cameras: readonly { readonly camera: { readonly id: string } }[];
}

interface Item {
  readonly department: string;
  readonly kind: string;
  readonly organisation: { readonly name: string } | null;
}

describeOnBothDatabases("dispatch and admission", (open) => {
  let api: TestApi;

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  describe("whom to send", () => {
    const advice = (viewer: Viewer, id: string, first = 50) =>
      api.graphql<{ dispatchAdvice: Advice }>(
        `{ dispatchAdvice(incident: "${id}", first: ${first}) { version suggestions { score post { id kind point } staff { id }
          factors { key value score weight } } cameras { camera { id } distanceM bearingDeg } } }`,
        {},
        viewer,
      );

    it("is the posts of the town, each factor shown, best first; never whom the list keeps the class from", async () => {
      const id = await reported(api, INSIDE, "05002");
      const { suggestions, version } = answered(await advice(AT_FIRST, id)).dispatchAdvice;
      expect(version).toBe("1");
      const county = policyCounty();
      const serving = new Set(
        county.postAreas
          .filter(({ areaId }) => county.areas.find(({ id: area }) => area === areaId)?.code.startsWith(FIRST))
          .map(({ postId }) => `Post:${POLICY_COUNTY}:${postId}`),
      );
      const kept = ["GRID_LEADER", "FULL_TIME", "PART_TIME"];
      const allowed = county.posts.filter(
        ({ id: post, kind }) => serving.has(`Post:${POLICY_COUNTY}:${post}`) && !kept.includes(kind.toUpperCase()),
      );
      expect(suggestions.map(({ post }) => post.id).sort()).toEqual(
        allowed.map(({ id: post }) => `Post:${POLICY_COUNTY}:${post}`).sort(),
      );
      expect(suggestions.length).toBeGreaterThan(5);
      for (const { score, factors } of suggestions) {
        expect(factors.map(({ key }) => key)).toEqual(["DISTANCE", "LOAD", "SKILL", "SHIFT"]);
        expect(factors.reduce((sum, one) => sum + one.weight * one.score, 0)).toBeCloseTo(score, 9);
      }
      const scores = suggestions.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      // An ordinary class goes to grid workers too.
      const more = answered(await advice(AT_FIRST, await reported(api, INSIDE, "01001"))).dispatchAdvice.suggestions;
      expect(more.some(({ post }) => kept.includes(post.kind))).toBe(true);
    });

    it("counts what is open at a post", async () => {
      const id = await reported(api, INSIDE);
      const [best] = answered(await advice(AT_FIRST, id, 1)).dispatchAdvice.suggestions;
      if (!best) throw new Error("nobody was suggested");
      const loadOf = async (): Promise<number> => {
        const { suggestions } = answered(await advice(AT_FIRST, id)).dispatchAdvice;
        const found = suggestions.find(({ post }) => post.id === best.post.id);
        return found?.factors.find(({ key }) => key === "LOAD")?.value ?? Number.NaN;
      };
      const before = await loadOf();
      const { errors } = await api.graphql(
        `mutation { assignIncident(input: { id: "${id}", version: 1, post: "${best.post.id}", key: "${randomUUID()}" }) { version } }`,
        {},
        AT_FIRST,
      );
      expect(errors).toBeUndefined();
      expect(await loadOf()).toBe(before + 1);
    });

    it("shows cameras whose nominal view holds the place; none for sensitive classes, and none to leaders", async () => {
      // Brute force in metres on a plane: 80 m, 30 degrees to either side of north-east.
      const county = policyCounty();
      const seenFrom = ([lon, lat]: LonLat): string[] =>
        county.cameras
          .filter(({ point, indoor, scopeCode }) => {
            const north = (lat - point[1]) * 111_035;
            const east = (lon - point[0]) * 85_395;
            const ahead = (east + north) * Math.SQRT1_2;
            const aside = (east - north) * Math.SQRT1_2;
            return (
              !indoor &&
              scopeCode !== null &&
              Math.hypot(east, north) <= 80 &&
              ahead > 0 &&
              Math.abs(aside) <= ahead * Math.tan(Math.PI / 6)
            );
          })
          .map(({ id }) => `Camera:${POLICY_COUNTY}:${id}`);
      const random = new Prng("routing/cameras");
      let seen = 0;
      for (const camera of county.cameras.filter(({ scopeCode }) => scopeCode?.startsWith(FIRST)).slice(0, 5)) {
        const place: LonLat = [camera.point[0] + random.float() * 0.0008, camera.point[1] + random.float() * 0.0006];
        const expected = seenFrom(place);
        const { data } = await advice(OF_COUNTY, await reported(api, place));
        expect(data?.dispatchAdvice.cameras.map((one) => one.camera.id).sort()).toEqual(expected.sort());
        seen += expected.length;
        const hidden = await reported(api, place, SENSITIVE);
        expect((await advice(OF_COUNTY, hidden)).data?.dispatchAdvice.cameras).toEqual([]);
        if (expected.length)
          expect(
            (await advice(person(10, "leader", POLICY_COUNTY), await reported(api, place))).data?.dispatchAdvice
              .cameras,
          ).toEqual([]);
      }
      expect(seen).toBeGreaterThan(2);
    });

    it("is for those who see the case and supervise", async () => {
      const id = await reported(api, INSIDE);
      expect(codeOf(await advice(AT_SECOND, id))).toBe("NOT_FOUND");
      expect(codeOf(await advice(person(11, "grid_worker", FIRST), id))).toBe("FORBIDDEN");
      expect(codeOf(await advice(AT_FIRST, id, 0))).toBe("BAD_USER_INPUT");
    });
  });

  describe("the admission list", () => {
    it("is read by department", async () => {
      const { data } = await api.graphql<{ admissionList: Item[] }>(
        `{ admissionList(county: "${POLICY_COUNTY}") { department item kind classes batch organisation { name } } }`,
        {},
        AT_FIRST,
      );
      expect(data?.admissionList.map(({ kind }) => kind)).toEqual(["UNDERTAKE", "ASSIST", "FORBIDDEN", "NO_STAMP"]);
      expect(data?.admissionList[0]).toMatchObject({
        department: "策部门0",
        classes: ["02003"],
        organisation: { name: "策单位0" },
      });
      const one = await api.graphql<{ admissionList: Item[] }>(
        `{ admissionList(county: "${POLICY_COUNTY}", department: "策部门2") { kind } }`,
        {},
        AT_FIRST,
      );
      expect(one.data?.admissionList).toEqual([{ kind: "FORBIDDEN" }]);
    });

    it("keeps a forbidden class from grid workers' posts and hands, in the list's own words", async () => {
      const id = await reported(api, INSIDE, "05002");
      const county = policyCounty();
      const post = (grid: boolean) =>
        county.posts.find(({ kind }) => ["full_time", "part_time", "grid_leader"].includes(kind) === grid)?.id;
      const assign = (postId: string | undefined) =>
        api.graphql(
          `mutation { assignIncident(input: { id: "${id}", version: 1, post: "Post:${POLICY_COUNTY}:${postId}", key: "${randomUUID()}" }) { version } }`,
          {},
          AT_FIRST,
        );
      const refused = await assign(post(true));
      expect(codeOf(refused)).toBe("FORBIDDEN");
      expect(refused.errors?.[0]?.message).toContain("无照经营的查处不得交由网格员承担");
      const taken = await api.graphql(
        `mutation { takeIncident(id: "${id}", version: 1) { version } }`,
        {},
        person(12, "grid_worker", FIRST),
      );
      expect(codeOf(taken)).toBe("FORBIDDEN");
      expect((await assign(post(false))).errors).toBeUndefined();
    });

    it("refuses a stamp to everybody, before there is a case", async () => {
      const before = answered(await ownership(api, AT_FIRST, INSIDE, "84001")).ownership;
      expect(before.refused).toEqual([{ item: "不再出具亲属关系证明，不予盖章", kind: "NO_STAMP" }]);
      for (const viewer of [AT_FIRST, OF_COUNTY, person(13, "leader", FIRST), person(14, "grid_worker", FIRST)]) {
        const answer = await reportAt(api, INSIDE, "84001", viewer);
        expect(codeOf(answer)).toBe("FORBIDDEN");
        expect(answer.errors?.[0]?.message).toContain("不再出具亲属关系证明");
      }
    });
  });
});
