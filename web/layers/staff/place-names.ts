/** A point on a plane of pixels: x to the right, y down. */
export type PixelPoint = readonly [x: number, y: number];

/** A plate with text to be put beside a point; pixels at scale 1. */
export interface Plate {
  readonly at: PixelPoint;
  readonly width: number;
  readonly height: number;
}

/** A sign that plates should leave free: a disc, and how much it matters (a late case more than a closed one). */
export interface Sign {
  readonly at: PixelPoint;
  readonly radius: number;
  readonly weight: number;
}

/** Where a plate goes: MapLibre's `text-anchor`, and how far its nearest edge or corner is from the point, pixels. */
export interface Placement {
  readonly anchor: string;
  readonly offset: PixelPoint;
}

type Rect = readonly [left: number, top: number, right: number, bottom: number];

/** Sides of a point, best first: beside it, then above and below. */
const SIDES: readonly { readonly anchor: string; readonly to: PixelPoint }[] = [
  { anchor: "left", to: [1, 0] },
  { anchor: "right", to: [-1, 0] },
  { anchor: "bottom", to: [0, -1] },
  { anchor: "top", to: [0, 1] },
  { anchor: "bottom-left", to: [1, -1] },
  { anchor: "top-left", to: [1, 1] },
  { anchor: "bottom-right", to: [-1, -1] },
  { anchor: "top-right", to: [-1, 1] },
];
/** Gaps between point and plate, pixels; beyond the last a reader no longer sees that they belong together. */
const GAPS = [16, 34, 58, 86];
/** Room that two plates keep between them, pixels. */
const APART_PX = 4;
/** Covering a plate or a post is worse than any sign; a pixel of distance is worth little, but not nothing. */
const COST = { plate: 60, post: 12, distance: 3, inward: 40 } as const;
const POST_RADIUS_PX = 11;

const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

const square = ([x, y]: PixelPoint, radius: number): Rect => [x - radius, y - radius, x + radius, y + radius];

/** Rectangle of a plate on a side of its point; corners keep a shorter way, since the diagonal is longer. */
export function plateRect({ at, width, height }: Plate, [ox, oy]: PixelPoint, anchor: string): Rect {
  const left = anchor.includes("left") ? 0 : anchor.includes("right") ? -width : -width / 2;
  const top = anchor.includes("top") ? 0 : anchor.includes("bottom") ? -height : -height / 2;
  const [x, y] = [at[0] + ox + left, at[1] + oy + top];
  return [x, y, x + width, y + height];
}

/**
 * Finds a side and distance for each plate so that plates cover neither each other nor posts, and as few signs as can be.
 * Greedy in the order given (what matters most first) and deterministic.
 *
 * MapLibre's own placement can drop a name or let names overlap, but cannot prefer the place that covers least; a name of
 * the one who answers must never be dropped.
 *
 * @param from where all lines start: plates prefer the far side of their post, where no line runs
 * @param growths factors that the plane may be stretched by while plates and signs keep their size (zooming in between
 *   two computations); a place must be good for all of them
 */
export function placePlates(
  plates: readonly Plate[],
  signs: readonly Sign[],
  from: PixelPoint,
  growths: readonly number[] = [1, Math.SQRT2],
): Placement[] {
  const stretch = ([x, y]: PixelPoint, by: number): PixelPoint => [x * by, y * by];
  const worlds = growths.map((by) => ({
    by,
    taken: [] as Rect[],
    signs: signs.map(({ at, radius, weight }) => ({ rect: square(stretch(at, by), radius), weight })),
    posts: plates.map(({ at }) => square(stretch(at, by), POST_RADIUS_PX)),
  }));
  return plates.map((plate) => {
    const out: PixelPoint = [plate.at[0] - from[0], plate.at[1] - from[1]];
    const length = Math.hypot(...out) || 1;
    let best: { readonly place: Placement; readonly cost: number } | undefined;
    for (const gap of GAPS) {
      for (const [order, { anchor, to }] of SIDES.entries()) {
        const reach = to[0] !== 0 && to[1] !== 0 ? gap * 0.6 : gap;
        const offset: PixelPoint = [to[0] * reach, to[1] * reach];
        const inward = Math.max(0, -(to[0] * out[0] + to[1] * out[1]) / length);
        let cost = COST.distance * (gap - (GAPS[0] as number)) + COST.inward * inward + order;
        for (const world of worlds) {
          const rect = plateRect({ ...plate, at: stretch(plate.at, world.by) }, offset, anchor);
          const room: Rect = [rect[0] - APART_PX, rect[1] - APART_PX, rect[2] + APART_PX, rect[3] + APART_PX];
          for (const other of world.taken) cost += COST.plate * overlap(room, other);
          for (const post of world.posts) cost += COST.post * overlap(rect, post);
          for (const sign of world.signs) cost += sign.weight * overlap(rect, sign.rect);
        }
        if (!best || cost < best.cost) best = { place: { anchor, offset }, cost };
      }
    }
    const { place } = best as { readonly place: Placement };
    for (const world of worlds)
      world.taken.push(plateRect({ ...plate, at: stretch(plate.at, world.by) }, place.offset, place.anchor));
    return place;
  });
}
