import type { Adjacency } from "./adjacency.ts";

/** FNV-1a over UTF-16 code units: the same on every engine. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  // Final mix of MurmurHash3, so that near ids do not get near colours.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A colour index for each key so that neighbours differ. Depends on keys and adjacency only, so that a unit keeps its
 * colour between sessions; each key asks for the colour of its hash and gives way only where a neighbour has it.
 *
 * DSATUR (D. Brélaz, New methods to color the vertices of a graph, 1979): next is always the key with the most colours
 * around it, then the most neighbours, then the smallest key. When `colours` are not enough, indexes go on beyond them.
 *
 * @param colours how many colours there are to prefer
 */
export function colourGraph(adjacency: Adjacency, colours: number): Map<string, number> {
  const result = new Map<string, number>();
  const taken = new Map<string, Set<number>>();
  for (const key of adjacency.keys()) taken.set(key, new Set());
  const rest = [...adjacency.keys()].sort((a, b) => {
    const degree = (adjacency.get(b)?.size ?? 0) - (adjacency.get(a)?.size ?? 0);
    return degree || (a < b ? -1 : 1);
  });
  while (rest.length > 0) {
    let next = 0;
    for (let i = 1; i < rest.length; i++)
      if ((taken.get(rest[i] as string)?.size ?? 0) > (taken.get(rest[next] as string)?.size ?? 0)) next = i;
    const key = rest.splice(next, 1)[0] as string;
    const around = taken.get(key) ?? new Set<number>();
    const wished = hashText(key) % colours;
    let colour = wished;
    for (let step = 0; around.has(colour); step++) colour = step < colours ? (wished + step) % colours : step;
    result.set(key, colour);
    for (const neighbour of adjacency.get(key) ?? []) taken.get(neighbour)?.add(colour);
  }
  return result;
}
