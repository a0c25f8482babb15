import { bugError } from "../../model/errors.ts";
import type { Prng } from "../prng.ts";
import type { DemoCommunity, DemoTown, DemoVillage } from "../profile.ts";
import { type AreaNode, allocateWhole } from "./area-tree.ts";
import type { BaseMesh, Cell } from "./base-mesh.ts";
import { buildCellGraph, type CellGraph, components } from "./cell-graph.ts";
import { partition } from "./partition.ts";
import { cutFace } from "./subdivide.ts";

/** Working state of the division of towns into communities, villages, grids and micro-grids. */
interface Work {
  readonly base: BaseMesh;
  readonly random: Prng;
  graph: CellGraph;
}

const PLAIN_CUT = { rank: "none", lines: [] } as const;

/** Divides each town's faces down to the deepest areas; cuts blocks where there are fewer of them than areas. */
export function assignAreas(
  base: BaseMesh,
  towns: readonly DemoTown[],
  townOf: readonly number[],
  random: Prng,
): AreaNode[] {
  const work: Work = { base, random, graph: buildCellGraph(base.mesh) };
  const faces = towns.map((_, t) => townOf.flatMap((town, face) => (town === t ? [face] : [])));
  // All cuts for one level come before the graph is rebuilt for it.
  towns.forEach((town, t) => {
    const own = faces[t] as number[];
    const isUrban = (face: number): boolean => (base.cells[face] as Cell).urban;
    const leaves = town.communities.reduce((sum, c) => sum + Math.max(c.grids + c.dedicatedGrids, c.microGrids), 0);
    own.push(...cutUntil(work, own.filter(isUrban), Math.ceil(leaves * 1.06)));
    const rural = town.villages.reduce((sum, village) => sum + Math.max(2, village.grids), 0);
    own.push(
      ...cutUntil(
        work,
        own.filter((face) => !isUrban(face)),
        Math.ceil(rural * 1.1),
      ),
    );
  });
  work.graph = buildCellGraph(base.mesh);
  const nodes = towns.map((town, t) => townNode(work, town, faces[t] as number[]));

  const each = (visit: (node: AreaNode, seed: DemoCommunity | DemoVillage) => void): void =>
    towns.forEach((town, t) => {
      const seeds = [...town.communities, ...town.villages];
      nodes[t]?.children.forEach((node, i) => {
        visit(node, seeds[i] as DemoCommunity | DemoVillage);
      });
    });
  each((node, seed) => {
    node.faces.push(
      ...cutUntil(work, node.faces, "compounds" in seed ? Math.max(gridCount(seed), seed.compounds) : gridCount(seed)),
    );
  });
  work.graph = buildCellGraph(base.mesh);
  each((node, seed) => divideIntoGrids(work, node, seed));
  each((node, seed) => {
    for (const { grid, count } of microCounts(node, seed)) grid.faces.push(...cutUntil(work, grid.faces, count));
    // Faces cut for micro-grids belong to the community too.
    if (node.children.length > 0) {
      node.faces.splice(0, node.faces.length, ...node.children.flatMap((child) => child.faces));
    }
  });
  work.graph = buildCellGraph(base.mesh);
  each((node, seed) => {
    for (const { grid, count } of microCounts(node, seed)) divideIntoMicroGrids(work, grid, count);
  });
  for (const node of nodes) node.faces.splice(0, node.faces.length, ...node.children.flatMap((child) => child.faces));
  return nodes;
}

const gridCount = (seed: DemoCommunity | DemoVillage): number =>
  "microGrids" in seed ? seed.grids + seed.dedicatedGrids : Math.max(1, seed.grids);

/** Cuts the largest faces until there are enough; returns the new ones. */
function cutUntil({ base, random }: Work, faces: readonly number[], count: number): number[] {
  const added: number[] = [];
  if (faces.length === 0) return added;
  const sizes = faces.map((face) => ({ face, size: sizeOf(base, face) }));
  while (sizes.length < count) {
    sizes.sort((a, b) => b.size - a.size || a.face - b.face);
    const target = sizes.find(({ size }) => size > 0);
    if (!target) throw bugError(`Cannot cut ${faces.length} blocks into ${count}`);
    const fresh = cutFace(base, target.face, PLAIN_CUT, random);
    target.size = fresh === undefined ? 0 : sizeOf(base, target.face);
    if (fresh === undefined) continue;
    sizes.push({ face: fresh, size: sizeOf(base, fresh) });
    added.push(fresh);
  }
  return added;
}

function sizeOf({ mesh }: BaseMesh, face: number): number {
  const ring = mesh.ring(face);
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[j] as readonly [number, number], ring[i] as readonly [number, number]];
    sum += a[0] * b[1] - b[0] * a[1];
  }
  return sum / 2;
}

const areaOf = (graph: CellGraph, faces: readonly number[]): number =>
  faces.reduce((sum, face) => sum + (graph.areaM2[face] as number), 0);

function townNode(work: Work, town: DemoTown, faces: readonly number[]): AreaNode {
  const { graph, base, random } = work;
  const urban = faces.filter((face) => (base.cells[face] as Cell).urban);
  const rural = faces.filter((face) => !(base.cells[face] as Cell).urban);
  if (town.communities.length > 0 && urban.length === 0)
    throw bugError("A town has no built-up area", { at: town.code });
  const communities =
    town.communities.length === 0
      ? []
      : partition(
          graph,
          urban,
          town.communities.map((c) => (c.grids + c.dedicatedGrids * 0.4) * random.range(0.9, 1.1)),
        );
  const { villages, loose } = villageParts(work, town.villages, rural);
  attach(graph, communities.length > 0 ? communities : villages, loose);
  const children = [
    ...town.communities.map(
      (community, i): AreaNode => place(community, "community", true, communities[i] as number[]),
    ),
    ...town.villages.map((village, i): AreaNode => place(village, "village", false, villages[i] as number[])),
  ];
  return {
    level: "town",
    kind: town.kind,
    urban: town.kind === "street",
    code: town.code,
    name: town.name,
    nameSort: town.nameSort,
    households: children.reduce((sum, child) => sum + child.households, 0),
    faces: [...faces],
    children,
  };
}

const place = (
  seed: DemoCommunity | DemoVillage,
  kind: "community" | "village",
  urban: boolean,
  faces: number[],
): AreaNode => ({
  level: "community",
  kind,
  urban,
  code: seed.code,
  name: seed.name,
  nameSort: seed.nameSort,
  households: seed.households,
  faces,
  children: [],
});

/** Villages share the countryside of their town; pieces too small for one are left over for the neighbours. */
function villageParts(
  { graph, random }: Work,
  villages: readonly DemoVillage[],
  rural: readonly number[],
): { readonly villages: number[][]; readonly loose: number[] } {
  if (villages.length === 0) return { villages: [], loose: [...rural] };
  const all = components(graph, rural);
  const average = areaOf(graph, rural) / villages.length;
  const kept = all.filter((piece, i) => i < villages.length && (i === 0 || areaOf(graph, piece) > average * 0.6));
  const loose = all.slice(kept.length).flat();
  if (kept.length === 0) throw bugError("A town with villages has no countryside", { at: villages[0]?.code ?? "" });
  const counts = allocateWhole(
    villages.length,
    kept.map((piece) => areaOf(graph, piece)),
    1,
  );
  const parts: number[][] = [];
  kept.forEach((piece, i) => {
    const own = villages.slice(parts.length, parts.length + (counts[i] as number));
    parts.push(
      ...partition(
        graph,
        piece,
        own.map((v) => (2 + Math.max(1, v.grids)) * random.range(0.8, 1.25)),
      ),
    );
  });
  return { villages: parts, loose };
}

/** Gives left-over faces to the neighbouring part with the longest common border. */
function attach(graph: CellGraph, parts: readonly number[][], loose: readonly number[]): void {
  const owner = new Map(parts.flatMap((faces, part) => faces.map((face) => [face, part] as const)));
  const waiting = new Set(loose);
  while (waiting.size > 0) {
    const before = waiting.size;
    for (const face of waiting) {
      const shared = new Map<number, number>();
      for (const other of graph.around[face] ?? []) {
        const part = owner.get(other);
        if (part !== undefined) shared.set(part, (shared.get(part) ?? 0) + graph.border(face, other));
      }
      const best = [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
      if (!best) continue;
      owner.set(face, best[0]);
      parts[best[0]]?.push(face);
      waiting.delete(face);
    }
    if (waiting.size === before) throw bugError("Left-over land touches no area of its town");
  }
}

function divideIntoGrids(work: Work, node: AreaNode, seed: DemoCommunity | DemoVillage): void {
  if (gridCount(seed) === 1 && seed.grids === 0) return;
  const { graph, random } = work;
  const dedicated: number[] = [];
  let rest = [...node.faces];
  const wanted = "dedicatedGrids" in seed ? seed.dedicatedGrids : 0;
  for (let i = 0; i < wanted; i++) {
    const face = carveDedicated(graph, rest, seed.grids);
    dedicated.push(face);
    rest = rest.filter((other) => other !== face);
  }
  const parts = partition(
    graph,
    rest,
    Array.from({ length: seed.grids }, () => 1),
  );
  const households = allocateWhole(
    node.households - dedicated.length,
    parts.map(() => random.range(0.86, 1.14)),
    1,
  );
  parts.forEach((faces, i) => {
    node.children.push(gridNode(node, "basic", faces, households[i] as number));
  });
  for (const face of dedicated) node.children.push(gridNode(node, "dedicated", [face], 1));
}

const gridNode = (node: AreaNode, kind: "basic" | "dedicated", faces: number[], households: number): AreaNode => ({
  level: "grid",
  kind,
  urban: node.urban,
  code: "",
  name: "",
  nameSort: "",
  households,
  faces,
  children: [],
});

/** The largest face on the community's border whose removal leaves the rest in one piece without a hole. */
function carveDedicated(graph: CellGraph, faces: readonly number[], grids: number): number {
  const inside = new Set(faces);
  const bySize = [...faces].sort((a, b) => (graph.areaM2[b] as number) - (graph.areaM2[a] as number) || a - b);
  const median = graph.areaM2[bySize[bySize.length >> 1] as number] as number;
  const fits = bySize.filter((face) => {
    const around = graph.around[face] ?? [];
    const flips = around.filter(
      (other, i) => inside.has(other) !== inside.has(around[(i + 1) % around.length] as number),
    );
    return (
      flips.length === 2 &&
      components(
        graph,
        faces.filter((other) => other !== face),
      ).length === 1
    );
  });
  const chosen = fits.find((face) => (graph.areaM2[face] as number) < median * 2.5) ?? fits[0];
  if (chosen === undefined || faces.length <= grids) throw bugError("No block is left for a dedicated grid");
  return chosen;
}

function microCounts(
  node: AreaNode,
  seed: DemoCommunity | DemoVillage,
): { readonly grid: AreaNode; readonly count: number }[] {
  if (!("microGrids" in seed) || seed.microGrids === 0) return [];
  const basic = node.children.filter((grid) => grid.kind === "basic");
  const counts = allocateWhole(
    seed.microGrids,
    basic.map((grid) => grid.households),
    1,
  );
  return basic.map((grid, i) => ({ grid, count: counts[i] as number }));
}

function divideIntoMicroGrids({ graph, random }: Work, grid: AreaNode, count: number): void {
  const parts = partition(
    graph,
    grid.faces,
    Array.from({ length: count }, () => 1),
  );
  const households = allocateWhole(
    grid.households,
    parts.map(() => random.range(0.8, 1.2)),
    1,
  );
  parts.forEach((faces, i) => {
    grid.children.push({
      level: "micro",
      kind: "micro",
      urban: grid.urban,
      code: "",
      name: "",
      nameSort: "",
      households: households[i] as number,
      faces,
      children: [],
    });
  });
}
