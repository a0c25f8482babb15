import type { Prng } from "../prng.ts";
import { type AreaNode, leavesOf } from "./area-tree.ts";
import type { BaseMesh, Cell } from "./base-mesh.ts";
import { crosses } from "./base-mesh.ts";
import { type CellGraph, components } from "./cell-graph.ts";
import type { Metres } from "./local-plane.ts";
import { type EdgeRank, OUTSIDE } from "./mesh.ts";
import { outlineOf } from "./outlines.ts";
import { direction, distance, insetRing, lerp, ringArea } from "./plane-geometry.ts";

/** A compound while it is drawn: faces of one street block in one community. */
export interface CompoundPlan {
  readonly community: AreaNode;
  readonly faces: readonly number[];
  readonly name: string;
}

/** Distance of a compound's wall from the middle of what runs along an edge, metres. */
const SETBACK_M: Record<EdgeRank, number> = { none: 2, local: 7, collector: 12, arterial: 18, river: 60 };

const FIRST = [
  "云泰",
  "幸福",
  "阳光",
  "锦绣",
  "和谐",
  "富邦",
  "翠园",
  "金苑",
  "华府",
  "安居",
  "惠民",
  "福源",
  "龙泉",
  "瑞景",
  "紫荆",
  "康乐",
  "文苑",
  "馨怡",
  "祥和",
  "丽景",
  "嘉和",
  "盛世",
  "御景",
  "春晖",
  "名仕",
  "学府",
  "滨河",
  "世纪",
  "明珠",
  "宏基",
];
const LAST = ["园小区", "苑小区", "花园小区", "家园", "佳苑", "小区", "新村", "公寓"];

/** Chooses street blocks for exactly the wanted number of compounds of a community; blocks across two grids come first. */
export function planCompounds(
  base: BaseMesh,
  graph: CellGraph,
  community: AreaNode,
  count: number,
  reserved: ReadonlySet<number>,
  names: () => string,
  random: Prng,
): CompoundPlan[] {
  const gridOf = new Map<number, AreaNode>();
  for (const grid of community.children) for (const face of grid.faces) gridOf.set(face, grid);
  const byBlock = new Map<number, number[]>();
  for (const face of community.faces) {
    const cell = base.cells[face] as Cell;
    if (!cell.urban || gridOf.get(face)?.kind === "dedicated" || reserved.has(face)) continue;
    const list = byBlock.get(cell.block);
    if (list) list.push(face);
    else byBlock.set(cell.block, [face]);
  }
  let units = [...byBlock.values()].flatMap((faces) => components(graph, faces));
  while (units.length < count) {
    const largest = units.reduce((a, b) => (b.length > a.length ? b : a), [] as number[]);
    if (largest.length < 2) break;
    const [first, ...rest] = largest;
    units = units.filter((unit) => unit !== largest);
    units.push([first as number], ...components(graph, rest));
  }
  const ranked = units.map((faces) => ({
    faces,
    // Blocks that a grid border runs through are kept: they show that grids and compounds are many-to-many.
    rank:
      (new Set(faces.map((face) => gridOf.get(face))).size > 1 ? 2 : 0) +
      Math.min(faces.length, 3) * 0.3 +
      random.float(),
  }));
  ranked.sort((a, b) => b.rank - a.rank || (a.faces[0] as number) - (b.faces[0] as number));
  return ranked.slice(0, count).map(({ faces }) => ({ community, faces, name: names() }));
}

/** Compound names that do not repeat within a county. */
export function compoundNames(random: Prng): () => string {
  const all = random.shuffle(FIRST.flatMap((first) => LAST.map((last) => `${first}${last}`)));
  let used = 0;
  return () => {
    const round = Math.floor(used / all.length);
    const name = all[used++ % all.length] as string;
    return round === 0 ? name : `${name}${["二期", "三期", "四期", "五期"][round - 1] ?? `${round + 1}期`}`;
  };
}

/** Wall of a compound: the outline of its faces, set back from the streets. */
export function compoundRing({ mesh }: BaseMesh, faces: readonly number[]): Metres[] {
  const outline = outlineOf(mesh, faces)[0] as number[];
  const inside = new Set(faces);
  const edges = outline.map((a, i) => {
    const b = outline[(i + 1) % outline.length] as number;
    const outer = mesh.faceLeft(b, a);
    return { at: mesh.at(a), setback: outer === OUTSIDE || inside.has(outer) ? 10 : SETBACK_M[mesh.tag(a, b).rank] };
  });
  const simple = withoutJogs(edges);
  const offset = mitre(simple);
  if (offset) return offset;
  const ring = simple.map((edge) => edge.at);
  const clipped = insetRing(ring, (i) => (simple[i] as SetbackEdge).setback);
  return clipped.length > 2 ? clipped : ring;
}

interface SetbackEdge {
  /** Start of the edge. */
  readonly at: Metres;
  readonly setback: number;
}

/** Drops jogs and flat corners, which would turn over when the ring is set back. */
function withoutJogs(edges: readonly SetbackEdge[]): SetbackEdge[] {
  let current = [...edges];
  for (let changed = true; changed && current.length > 3; ) {
    changed = false;
    for (let i = 0; i < current.length && current.length > 3; i++) {
      const here = current[i] as SetbackEdge;
      const before = current[(i + current.length - 1) % current.length] as SetbackEdge;
      const after = current[(i + 1) % current.length] as SetbackEdge;
      if (distance(here.at, after.at) < 12) {
        const merged = { at: lerp(here.at, after.at, 0.5), setback: after.setback };
        const next = (i + 1) % current.length;
        current = current.map((edge, k) => (k === next ? merged : edge)).filter((_, k) => k !== i);
        changed = true;
        break;
      }
      const [u, w] = [direction(before.at, here.at), direction(here.at, after.at)];
      if (before.setback === here.setback && u[0] * w[0] + u[1] * w[1] > 0.998) {
        current = current.filter((_, k) => k !== i);
        changed = true;
        break;
      }
    }
  }
  return current;
}

/** Offsets each edge inwards and joins neighbours; undefined when the result turns over or crosses itself. */
function mitre(edges: readonly SetbackEdge[]): Metres[] | undefined {
  const n = edges.length;
  const out: Metres[] = [];
  for (let i = 0; i < n; i++) {
    const [p, a, b] = [edges[(i + n - 1) % n], edges[i], edges[(i + 1) % n]] as [SetbackEdge, SetbackEdge, SetbackEdge];
    const [u, w] = [direction(p.at, a.at), direction(a.at, b.at)];
    const cross = u[0] * w[1] - u[1] * w[0];
    if (cross < 0.08 && cross > -0.08) {
      const d = (p.setback + a.setback) / 2;
      out.push([a.at[0] - w[1] * d, a.at[1] + w[0] * d]);
      continue;
    }
    // The corner moves along both edges so that each is left behind by its own setback.
    out.push([
      a.at[0] + (w[0] * p.setback - u[0] * a.setback) / cross,
      a.at[1] + (w[1] * p.setback - u[1] * a.setback) / cross,
    ]);
  }
  const area = ringArea(out);
  if (area < 200 || area > ringArea(edges.map((edge) => edge.at))) return undefined;
  for (let i = 0; i < n; i++) {
    const [a, b] = [out[i] as Metres, out[(i + 1) % n] as Metres];
    const [c, d] = [(edges[i] as SetbackEdge).at, (edges[(i + 1) % n] as SetbackEdge).at];
    if ((b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1]) <= 0) return undefined;
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      if (crosses(a, b, out[j] as Metres, out[(j + 1) % n] as Metres)) return undefined;
    }
  }
  return out;
}

/** Faces that become parks: one in each so many, only where the deepest area keeps another face to live on. */
export function choosePark(communities: readonly AreaNode[], graph: CellGraph, random: Prng): Set<number> {
  const parks = new Set<number>();
  for (const community of communities) {
    if (!community.urban || community.faces.length < 12) continue;
    const open = leavesOf(community)
      .filter((leaf) => leaf.kind !== "dedicated" && leaf.faces.length > 1)
      .flatMap((leaf) => leaf.faces.slice(0, 1));
    if (open.length === 0) continue;
    const wanted = Math.max(1, Math.floor(community.faces.length / 45));
    const bySize = random
      .shuffle(open)
      .sort((a, b) => (graph.areaM2[b] as number) - (graph.areaM2[a] as number) || a - b);
    for (const face of bySize.slice(0, wanted)) parks.add(face);
  }
  return parks;
}
