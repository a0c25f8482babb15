import { bugError } from "../../model/errors.ts";
import type { Cell } from "./base-mesh.ts";
import { type CellGraph, components } from "./cell-graph.ts";
import type { Metres } from "./local-plane.ts";
import { partition, refine, settle } from "./partition.ts";
import { distance } from "./plane-geometry.ts";
import { type SitePlan, type TownSite, urbanGridsOf } from "./site-plan.ts";

/**
 * Gives every face to a town. The seat's built-up area is shared among its towns by their grids, satellites keep theirs,
 * and the countryside grows outwards from them and from the rural towns' sites, nearest by power distance first, which
 * keeps every town in one piece.
 *
 * @returns index into `plan.sites` of each face
 */
export function assignTowns(plan: SitePlan, graph: CellGraph, cells: readonly Cell[]): number[] {
  const owner = new Array<number>(cells.length).fill(-1);
  const seatFaces = keepLargest(graph, cells, -1);
  if (plan.sites.some((site) => site.seat === "core")) shareSeat(plan, graph, seatFaces, owner);
  // A county of villages only has no seat to fill.
  else for (const face of seatFaces) (cells[face] as Cell).urban = false;
  plan.sites.forEach((site, s) => {
    if (site.radius > 0) for (const face of keepLargest(graph, cells, s)) owner[face] = s;
  });
  const kept = new Set(cells.flatMap((cell, face) => (cell.urban ? [face] : [])));
  for (const face of claimRims(plan, graph, cells, owner)) kept.add(face);
  plan.sites.forEach((site, s) => {
    if (site.seat !== "rural") return;
    const face = nearestFree(graph, owner, site.at);
    owner[face] = s;
    kept.add(face);
  });
  grow(plan, graph, owner);

  const parts = plan.sites.map((_, s) => owner.flatMap((town, face) => (town === s ? [face] : [])));
  const empty = parts.findIndex((faces) => faces.length === 0);
  if (empty >= 0) throw bugError("A town got no land", { at: plan.sites[empty]?.town.code ?? "" });
  refine(
    graph,
    parts,
    parts.map((faces) => areaOf(graph, faces)),
    3,
    kept,
  );
  parts.forEach((faces, s) => {
    for (const face of faces) owner[face] = s;
  });
  return owner;
}

const areaOf = (graph: CellGraph, faces: readonly number[]): number =>
  faces.reduce((sum, face) => sum + (graph.areaM2[face] as number), 0);

/** Built-up faces of a centre in one piece; loose ones go back to the countryside. */
function keepLargest(graph: CellGraph, cells: readonly Cell[], centre: number): number[] {
  const faces = cells.flatMap((cell, face) => (cell.urban && cell.seed.centre === centre ? [face] : []));
  const [main, ...loose] = components(graph, faces);
  for (const face of loose.flat()) (cells[face] as Cell).urban = false;
  return main ?? [];
}

function shareSeat(plan: SitePlan, graph: CellGraph, seatFaces: readonly number[], owner: number[]): void {
  const core = plan.sites.flatMap((site, s) => (site.seat === "core" ? [s] : []));
  const site = (s: number): TownSite => plan.sites[s] as TownSite;
  const grids = (s: number): number => urbanGridsOf(site(s).town);
  const total = core.reduce((sum, s) => sum + grids(s), 0);
  const seatM2 = areaOf(graph, seatFaces);
  // Towns with villages sit on the rim, where their countryside begins; the others share the middle.
  const rim = core.filter((s) => site(s).town.villages.length > 0);
  const middle = core.filter((s) => site(s).town.villages.length === 0);
  let rest = [...seatFaces];
  const order: number[] = [];
  const parts: number[][] = [];
  const anchors = new Set<number>();
  const carved = middle.length === 0 ? rim.slice(0, -1) : rim;
  for (const s of carved) {
    const at = site(s).at;
    const byDistance = [...rest].sort((a, b) => gap(graph, a, at) - gap(graph, b, at) || a - b);
    let walked = 0;
    let count = 0;
    while (count < byDistance.length - 1 && walked < (grids(s) / total) * seatM2) {
      walked += graph.areaM2[byDistance[count++] as number] as number;
    }
    // What the carved piece cuts off from the rest falls to it.
    const [remaining, piece] = settle(graph, [byDistance.slice(count), byDistance.slice(0, count)]);
    anchors.add(byDistance[0] as number);
    order.push(s);
    parts.push(piece);
    rest = remaining;
  }
  const others = middle.length === 0 ? rim.slice(-1) : middle;
  order.push(...others);
  parts.push(...partition(graph, rest, others.map(grids)));
  refine(graph, parts, order.map(grids), 8, anchors);
  parts.forEach((faces, i) => {
    for (const face of faces) owner[face] = order[i] as number;
  });
}

const gap = (graph: CellGraph, face: number, at: Metres): number => distance(graph.centre[face] as Metres, at);

/**
 * Land next to the built-up parts of towns with villages, before the others grow over it: a face for each town in turn,
 * up to half of the land it wants. Returns the first two of each town, which it must keep.
 */
function claimRims(plan: SitePlan, graph: CellGraph, cells: readonly Cell[], owner: number[]): number[] {
  const claims = plan.sites.flatMap((site, s) =>
    site.seat !== "rural" && site.town.villages.length > 0
      ? [{ site, s, faces: [] as number[], wantedM2: site.landM2 / 2 }]
      : [],
  );
  for (let open = claims; open.length > 0; ) {
    open = open.filter((claim) => {
      const face = nearestBeside(graph, owner, claim.s, claim.site.at);
      if (face < 0) return false;
      owner[face] = claim.s;
      claim.faces.push(face);
      claim.wantedM2 -= graph.areaM2[face] as number;
      return claim.wantedM2 > 0;
    });
  }
  for (const claim of claims) {
    if (claim.faces.length === 0) claim.faces.push(villageInTown(graph, cells, owner, claim.s, claim.site));
  }
  return claims.flatMap((claim) => claim.faces.slice(0, 2));
}

/** A town shut in by others keeps its villages inside the built-up area (城中村): one of its own faces turns rural. */
function villageInTown(
  graph: CellGraph,
  cells: readonly Cell[],
  owner: readonly number[],
  s: number,
  site: TownSite,
): number {
  const own = owner.flatMap((town, face) => (town === s ? [face] : []));
  const face = own
    .sort((a, b) => gap(graph, a, site.at) - gap(graph, b, site.at) || a - b)
    .find(
      (candidate) =>
        components(
          graph,
          own.filter((other) => other !== candidate),
        ).length === 1,
    );
  if (face === undefined)
    throw bugError("A town has no room for its villages", { at: `${site.town.code}, ${own.length} blocks` });
  (cells[face] as Cell).urban = false;
  return face;
}

/** Free face beside a town's land that is nearest to a place; -1 when it is shut in. */
function nearestBeside(graph: CellGraph, owner: readonly number[], s: number, at: Metres): number {
  let best = -1;
  for (let face = 0; face < owner.length; face++) {
    if (owner[face] !== -1 || !(graph.around[face] ?? []).some((other) => owner[other] === s)) continue;
    if (best < 0 || gap(graph, face, at) < gap(graph, best, at)) best = face;
  }
  return best;
}

function nearestFree(graph: CellGraph, owner: readonly number[], at: Metres): number {
  let best = -1;
  for (let face = 0; face < owner.length; face++) {
    if (owner[face] === -1 && (best < 0 || gap(graph, face, at) < gap(graph, best, at))) best = face;
  }
  if (best < 0) throw bugError("No countryside is left for a town");
  return best;
}

/** Takes free faces next to a region one by one, least power distance first. */
function grow(plan: SitePlan, graph: CellGraph, owner: number[]): void {
  const cost = (face: number, s: number): number => {
    const site = plan.sites[s] as TownSite;
    // Streets without villages take land only where nobody else can reach it.
    const last = site.town.villages.length === 0 && site.seat === "core" ? 1e12 : 0;
    const d = gap(graph, face, site.at);
    return d * d - site.weight + last;
  };
  const offers: { readonly face: number; readonly town: number; readonly cost: number }[] = [];
  const offer = (face: number, town: number): void => {
    for (const other of graph.around[face] ?? []) {
      if (other >= 0 && owner[other] === -1) push(offers, { face: other, town, cost: cost(other, town) });
    }
  };
  owner.forEach((town, face) => {
    if (town >= 0) offer(face, town);
  });
  for (let next = pop(offers); next; next = pop(offers)) {
    if (owner[next.face] !== -1) continue;
    owner[next.face] = next.town;
    offer(next.face, next.town);
  }
}

interface Offer {
  readonly face: number;
  readonly town: number;
  readonly cost: number;
}

const before = (a: Offer, b: Offer): boolean =>
  a.cost !== b.cost ? a.cost < b.cost : a.face !== b.face ? a.face < b.face : a.town < b.town;

/** Binary heap, least cost first. */
function push(heap: Offer[], offer: Offer): void {
  heap.push(offer);
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!before(heap[i] as Offer, heap[parent] as Offer)) return;
    [heap[i], heap[parent]] = [heap[parent] as Offer, heap[i] as Offer];
    i = parent;
  }
}

function pop(heap: Offer[]): Offer | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!top || !last || heap.length === 0) return top;
  heap[0] = last;
  for (let i = 0; ; ) {
    let least = i;
    for (const child of [2 * i + 1, 2 * i + 2]) {
      if (child < heap.length && before(heap[child] as Offer, heap[least] as Offer)) least = child;
    }
    if (least === i) return top;
    [heap[i], heap[least]] = [heap[least] as Offer, heap[i] as Offer];
    i = least;
  }
}
