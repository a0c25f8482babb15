import { type LayerPair, SMALLEST_SHARE } from "./layer.ts";

/**
 * Where a layer and the base grids do not meet one to one: a border of the layer cuts a base grid · a grid of the layer lies in
 * several base grids · ground of a base grid that the layer gives to nobody · to several · a grid of the layer beyond all base grids.
 */
export const LAYER_CONFLICT_KINDS = ["cut", "spread", "unowned", "double", "beyond"] as const;
export type LayerConflictKind = (typeof LAYER_CONFLICT_KINDS)[number];

export interface LayerConflict {
  readonly kind: LayerConflictKind;
  /** The base grid; null for grids of the layer that spread or lie beyond. */
  readonly gridId: string | null;
  /** Grids of the layer concerned, largest part first. */
  readonly areaIds: readonly string[];
  /**
   * `cut`: part of the base grid that is not that of the one which answers for it · `spread`: part of the layer's grid outside
   * the base grid that holds most of it · `unowned`, `double`: part of the base grid · `beyond`: part of the layer's grid. 0 … 1.
   */
  readonly share: number;
  readonly m2: number;
}

interface Sized {
  readonly id: string;
  readonly m2: number;
}

/**
 * The conflict list of a layer, largest ground first.
 *
 * @param grids base grids that the layer should cover
 * @param areas its grids that are not merged
 * @param pairs of those grids and areas
 */
export function layerConflicts(
  grids: readonly Sized[],
  areas: readonly Sized[],
  pairs: readonly LayerPair[],
): LayerConflict[] {
  const found: LayerConflict[] = [];
  const add = (
    kind: LayerConflictKind,
    gridId: string | null,
    parts: readonly LayerPair[],
    m2: number,
    of: number,
  ): void => {
    const share = of > 0 ? m2 / of : 0;
    if (share < SMALLEST_SHARE) return;
    const areaIds = [...parts].sort((a, b) => b.m2 - a.m2).map(({ areaId }) => areaId);
    found.push({ kind, gridId, areaIds, share: Math.min(1, share), m2 });
  };
  const ofGrid = groups(pairs, ({ gridId }) => gridId);
  for (const { id, m2 } of grids) {
    const parts = ofGrid.get(id) ?? [];
    const sum = (value: (pair: LayerPair) => number): number => parts.reduce((total, pair) => total + value(pair), 0);
    const owned = sum((pair) => pair.ownedM2);
    add("unowned", id, [], Math.max(0, m2 - owned), m2);
    const real = parts.filter((pair) => pair.m2 >= SMALLEST_SHARE * m2);
    add(
      "double",
      id,
      real.filter((pair) => pair.m2 - pair.soleM2 >= SMALLEST_SHARE * m2),
      owned - sum((pair) => pair.soleM2),
      m2,
    );
    const others = real.filter((pair) => !pair.main && pair.soleM2 >= SMALLEST_SHARE * m2);
    if (others.length > 0)
      add(
        "cut",
        id,
        real,
        others.reduce((total, pair) => total + pair.soleM2, 0),
        m2,
      );
  }
  const ofArea = groups(pairs, ({ areaId }) => areaId);
  for (const { id, m2 } of areas) {
    const parts = [...(ofArea.get(id) ?? [])].sort((a, b) => b.m2 - a.m2);
    const inside = parts.reduce((total, pair) => total + pair.m2, 0);
    const most = parts[0]?.m2 ?? 0;
    const real = parts.filter((pair) => pair.m2 >= SMALLEST_SHARE * m2);
    if (real.length > 1) pushArea(found, "spread", id, inside - most, m2);
    pushArea(found, "beyond", id, Math.max(0, m2 - inside), m2);
  }
  return found.sort(
    (a, b) => b.m2 - a.m2 || LAYER_CONFLICT_KINDS.indexOf(a.kind) - LAYER_CONFLICT_KINDS.indexOf(b.kind),
  );
}

function pushArea(found: LayerConflict[], kind: "spread" | "beyond", areaId: string, m2: number, of: number): void {
  if (m2 >= SMALLEST_SHARE * of) found.push({ kind, gridId: null, areaIds: [areaId], share: Math.min(1, m2 / of), m2 });
}

function groups(pairs: readonly LayerPair[], key: (pair: LayerPair) => string): Map<string, LayerPair[]> {
  const map = new Map<string, LayerPair[]>();
  for (const pair of pairs) map.set(key(pair), [...(map.get(key(pair)) ?? []), pair]);
  return map;
}
