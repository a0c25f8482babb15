import type { LonLat } from "../../model/geometry.ts";

/** Splits a list into `parts` contiguous runs whose lengths differ by at most one; needs `parts` ≤ length. */
export function contiguousRuns<T>(items: readonly T[], parts: number): T[][] {
  const runs: T[][] = [];
  for (let i = 0; i < parts; i++) {
    const from = Math.floor((i * items.length) / parts);
    const to = Math.floor(((i + 1) * items.length) / parts);
    runs.push(items.slice(from, to));
  }
  return runs;
}

/**
 * Splits places into `parts` spatially compact clusters of nearly equal number by recursive bisection across the
 * longer side. Ties fall by position in the list, so that the result is the same on every engine.
 */
export function compactClusters<T extends { readonly label: LonLat }>(items: readonly T[], parts: number): T[][] {
  if (parts <= 1 || items.length <= 1) return [[...items]];
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { label } of items) {
    if (label[0] < west) west = label[0];
    if (label[0] > east) east = label[0];
    if (label[1] < south) south = label[1];
    if (label[1] > north) north = label[1];
  }
  const axis = (east - west) * 0.78 > north - south ? 0 : 1;
  const order = items
    .map((item, index) => ({ item, index }))
    .sort((a, b) => a.item.label[axis] - b.item.label[axis] || a.index - b.index)
    .map(({ item }) => item);
  const left = Math.floor(parts / 2);
  const cut = Math.floor((items.length * left) / parts + 0.5);
  return [...compactClusters(order.slice(0, cut), left), ...compactClusters(order.slice(cut), parts - left)];
}
