type Position = readonly [number, number];
type Ring = readonly Position[];

interface Outer {
  readonly ring: Ring;
  readonly holes: Ring[];
  readonly size: number;
}

/**
 * Groups the rings of a shapefile's polygon: clockwise ones are exteriors, counter-clockwise ones holes of the smallest
 * exterior that holds them (ESRI Shapefile Technical Description, 1998). A hole that no exterior holds becomes an exterior:
 * some programs write all rings in one direction.
 */
export function polygonsOfRings(rings: readonly Ring[]): Ring[][] {
  if (rings.length === 1) return [[rings[0] as Ring]];
  const areas = rings.map(doubleArea);
  const outers: Outer[] = [];
  const holes: Ring[] = [];
  for (const [index, ring] of rings.entries()) {
    const area = areas[index] as number;
    if (area <= 0) outers.push({ ring, holes: [], size: -area });
    else holes.push(ring);
  }
  for (const hole of holes) {
    const holder = outers
      .filter(({ ring }) => ring !== hole && holds(ring, hole))
      .reduce<Outer | undefined>((best, one) => (best && best.size <= one.size ? best : one), undefined);
    if (holder) holder.holes.push(hole);
    else outers.push({ ring: hole, holes: [], size: doubleArea(hole) });
  }
  return outers.map(({ ring, holes: inner }) => [ring, ...inner]);
}

/** Twice the shoelace area, positive counter-clockwise, from the first position to keep the products small. */
function doubleArea(ring: Ring): number {
  const [x0, y0] = ring[0] ?? [0, 0];
  let sum = 0;
  for (let i = 1; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i] as Position;
    const [x2, y2] = ring[i + 1] as Position;
    sum += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  }
  return sum;
}

/** Most of the first positions of a hole lie inside: one or two may touch the exterior. */
function holds(outer: Ring, hole: Ring): boolean {
  const asked = hole.slice(0, 5);
  const inside = asked.filter((position) => contains(outer, position)).length;
  return inside * 2 > asked.length;
}

function contains(ring: Ring, [x, y]: Position): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1, y1] = ring[i] as Position;
    const [x2, y2] = ring[j] as Position;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
