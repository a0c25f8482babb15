import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { POST_SKILLS } from "../../data/dispatch/post-skills.ts";
import { DISPATCH_VERSION, DISPATCH_WEIGHTS, type RankedPost, rankPosts } from "../../data/dispatch/rank-posts.ts";
import { similarity } from "../../data/dispatch/similarity.ts";
import { type NominalView, viewCovers } from "../../data/dispatch/view-covers.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { POST_KINDS } from "../../data/model/staff.ts";

const CENTRE: LonLat = [112.7, 40.01];
const around = (random: Prng, degrees: number): LonLat => [
  CENTRE[0] + (random.float() - 0.5) * degrees,
  CENTRE[1] + (random.float() - 0.5) * degrees,
];

/** A point of the ellipsoid in metres from its centre (WGS 84). */
function cartesian([lon, lat]: LonLat): readonly [number, number, number] {
  const e2 = 0.00669437999014;
  const [l, f] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(f) ** 2);
  return [n * Math.cos(f) * Math.cos(l), n * Math.cos(f) * Math.sin(l), n * (1 - e2) * Math.sin(f)];
}

/** Metres to the east and north of a point, by the vector between the two in space: no geodesic, no bearing. */
function eastNorth(from: LonLat, to: LonLat): readonly [east: number, north: number, far: number] {
  const a = cartesian(from);
  const d = cartesian(to).map((value, i) => value - (a[i] as number)) as [number, number, number];
  const [l, f] = [(from[0] * Math.PI) / 180, (from[1] * Math.PI) / 180];
  const east = -Math.sin(l) * d[0] + Math.cos(l) * d[1];
  const north = -Math.sin(f) * Math.cos(l) * d[0] - Math.sin(f) * Math.sin(l) * d[1] + Math.cos(f) * d[2];
  return [east, north, Math.hypot(...d)];
}

describe("the score of a post", () => {
  it("is of version 1, its weights add up to 1", () => {
    expect(DISPATCH_VERSION).toBe("1");
    expect(DISPATCH_WEIGHTS).toEqual({ distance: 0.25, load: 0.15, skill: 0.3, shift: 0.3 });
  });

  /** The stated score of version 1, written down again from its description. */
  function stated(post: RankedPost, classCode: string, point: LonLat): number {
    const [, , metres] = eastNorth(post.point, point);
    const skill = POST_SKILLS[post.kind].includes(classCode.slice(0, 2)) ? 0.3 : 0;
    return 0.25 / (1 + metres / 500) + 0.15 / (1 + post.load / 4) + skill + (post.onShift ? 0.3 : 0);
  }

  it("puts the exhaustive optimum first, for 5,000 simulated cases", () => {
    const random = new Prng("dispatch/5000");
    for (let n = 0; n < 5000; n++) {
      const posts: RankedPost[] = Array.from({ length: random.int(1, 60) }, (_, i) => ({
        postId: `post-${i}`,
        kind: random.pick(POST_KINDS),
        point: around(random, 0.1),
        load: random.int(0, 12),
        onShift: random.float() < 0.5,
      }));
      const classCode = random.pick(CLASS_CODES).code;
      const point = around(random, 0.1);
      const best = Math.max(...posts.map((post) => stated(post, classCode, point)));
      const [first, ...others] = rankPosts(posts, classCode, point, posts.length);
      if (!first) throw new Error("nobody was suggested");
      // The chord is shorter than the geodesic by less than 1 mm in 10 km.
      expect(stated(first.post, classCode, point)).toBeGreaterThanOrEqual(best - 1e-9);
      expect(first.score).toBeCloseTo(best, 6);
      expect(first.factors.reduce((sum, { score, weight }) => sum + score * weight, 0)).toBeCloseTo(first.score, 12);
      expect(others.length).toBe(posts.length - 1);
      for (const [i, other] of others.entries())
        expect(other.score).toBeLessThanOrEqual(i ? (others[i - 1]?.score ?? 0) : first.score);
    }
  });

  it("tells equal posts apart by distance and id, whatever order they come in", () => {
    const post = (postId: string): RankedPost => ({ postId, kind: "full_time", point: CENTRE, load: 1, onShift: true });
    const names = ["b", "a", "c"];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 3 }), (order) => {
        const ranked = rankPosts(order.map(post), "06010", CENTRE, 2);
        expect(ranked.map(({ post: { postId } }) => postId)).toEqual(["a", "b"]);
      }),
    );
  });
});

describe("the nominal view of a camera", () => {
  /** Brute force: turned so that the camera looks along +x, a point is seen where its angle from there is small enough. */
  function sees({ point, azimuthDeg, angleDeg, rangeM }: NominalView, place: LonLat): boolean {
    if (rangeM === null) return false;
    const [east, north, far] = eastNorth(point, place);
    if (far > rangeM) return false;
    if (azimuthDeg === null || angleDeg === null || angleDeg >= 360) return true;
    const a = (azimuthDeg * Math.PI) / 180;
    const ahead = east * Math.sin(a) + north * Math.cos(a);
    const aside = east * Math.cos(a) - north * Math.sin(a);
    return Math.abs(Math.atan2(aside, ahead)) <= ((angleDeg / 2) * Math.PI) / 180;
  }

  it("holds what a brute-force test says, for 5,000 places before 60 cameras each", () => {
    const random = new Prng("views");
    const cameras: NominalView[] = Array.from({ length: 60 }, (_, i) => ({
      point: around(random, 0.004),
      azimuthDeg: i % 7 === 0 ? null : random.float() * 360,
      angleDeg: i % 7 === 0 ? null : i % 11 === 0 ? 360 : 10 + random.float() * 250,
      rangeM: i % 13 === 0 ? null : 30 + random.float() * 200,
    }));
    let seen = 0;
    for (let n = 0; n < 5000; n++) {
      const place = around(random, 0.006);
      for (const camera of cameras) {
        const found = viewCovers(camera, place) !== undefined;
        if (found !== sees(camera, place)) throw new Error(`${JSON.stringify(camera)} and ${place}: ${found}`);
        if (found) seen++;
      }
    }
    expect(seen).toBeGreaterThan(5_000);
  });

  it("holds its own place and its edges, and turns through north", () => {
    const view: NominalView = { point: CENTRE, azimuthDeg: 350, angleDeg: 40, rangeM: 100 };
    expect(viewCovers(view, CENTRE)).toEqual({ distanceM: 0, bearingDeg: 0 });
    expect(viewCovers(view, [CENTRE[0], CENTRE[1] + 0.0005])?.bearingDeg).toBeCloseTo(0, 9);
    expect(viewCovers(view, [CENTRE[0] + 0.0005, CENTRE[1]])).toBeUndefined();
    expect(viewCovers(view, [CENTRE[0], CENTRE[1] + 0.001])).toBeUndefined();
    expect(viewCovers({ ...view, rangeM: null }, CENTRE)).toBeUndefined();
  });
});

describe("cases that may be the same", () => {
  const one = { point: CENTRE, classCode: "06010", openedMs: 1_000_000_000 };
  const day = 86_400_000;

  it("are alike in place, class and time", () => {
    expect(similarity(one, one)).toEqual({ distanceM: 0, minutes: 0, score: 1 });
    expect(similarity(one, { ...one, classCode: "06011" }).score).toBeCloseTo(0.85, 12);
    expect(similarity(one, { ...one, classCode: "09001" }).score).toBe(0);
    const later = similarity(one, { ...one, openedMs: one.openedMs + 1.5 * day });
    expect(later.minutes).toBe(2160);
    expect(later.score).toBeCloseTo(0.9, 12);
    expect(similarity(one, { ...one, openedMs: one.openedMs - 3 * day }).score).toBe(0);
    expect(similarity(one, { ...one, point: [CENTRE[0], CENTRE[1] + 0.002] }).score).toBe(0);
    expect(similarity({ ...one, classCode: null }, { ...one, openedMs: one.openedMs + 1.5 * day }).score).toBeCloseTo(
      6 / 7,
      12,
    );
  });

  it("are as alike one way as the other, and never more when farther apart or later", () => {
    const metres = fc.double({ min: 0, max: 0.002, noNaN: true });
    fc.assert(
      fc.property(
        metres,
        metres,
        fc.integer({ min: 0, max: 4 * day }),
        fc.integer({ min: 0, max: day }),
        (a, b, t, more) => {
          const other = {
            ...one,
            point: [CENTRE[0], CENTRE[1] + Math.min(a, b)] as LonLat,
            openedMs: one.openedMs + t,
          };
          const farther = {
            ...one,
            point: [CENTRE[0], CENTRE[1] + Math.max(a, b)] as LonLat,
            openedMs: one.openedMs + t + more,
          };
          expect(similarity(one, other).score).toBeCloseTo(similarity(other, one).score, 9);
          expect(similarity(one, farther).score).toBeLessThanOrEqual(similarity(one, other).score + 1e-12);
        },
      ),
    );
  });
});
