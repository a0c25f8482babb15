import type { BaseMesh } from "./base-mesh.ts";
import type { Metres } from "./local-plane.ts";
import type { EdgeRank, Mesh } from "./mesh.ts";
import { direction } from "./plane-geometry.ts";

/** A street of the seat: all pieces that carry its line. */
export interface Street {
  readonly rank: "arterial" | "collector" | "local";
  /** Line of the street grid, e.g. `old:u3`; empty for nameless streets. */
  readonly line: string;
  readonly pieces: readonly (readonly Metres[])[];
}

/** Collects the streets from the tagged edges of the mesh. */
export function collectStreets({ mesh }: BaseMesh): Street[] {
  const byStreet = new Map<string, [number, number][]>();
  for (const { a, b } of mesh.edges()) {
    const { rank, lines } = mesh.tag(a, b);
    if (!isStreet(rank)) continue;
    for (const line of lines.length > 0 ? lines : [""]) {
      const key = line === "" ? `${rank} ` : `line ${line}`;
      const edges = byStreet.get(key);
      if (edges) edges.push([a, b]);
      else byStreet.set(key, [[a, b]]);
    }
  }
  return [...byStreet].map(([key, edges]) => {
    const line = key.slice(key.indexOf(" ") + 1);
    const ranks = edges.map(([a, b]) => mesh.tag(a, b).rank);
    const arterials = ranks.filter((rank) => rank === "arterial").length;
    const rank = line === "" ? (key.trim() as Street["rank"]) : arterials * 2 > ranks.length ? "arterial" : "collector";
    return { rank, line, pieces: chain(mesh, edges) };
  });
}

const isStreet = (rank: EdgeRank): boolean => rank === "local" || rank === "collector" || rank === "arterial";

/** Joins edges to lines as long as possible, going straight on where streets cross. */
function chain(mesh: Mesh, edges: readonly (readonly [number, number])[]): Metres[][] {
  const around = new Map<number, number[]>();
  const link = (a: number, b: number): void => {
    const list = around.get(a);
    if (list) list.push(b);
    else around.set(a, [b]);
  };
  for (const [a, b] of edges) {
    link(a, b);
    link(b, a);
  }
  const unlink = (a: number, b: number): void => {
    const list = around.get(a);
    list?.splice(list.indexOf(b), 1);
  };
  const walk = (start: number): number[] => {
    const line = [start];
    for (let here = start; ; ) {
      const options = around.get(here) ?? [];
      const last = line[line.length - 2];
      let to: number | undefined;
      let best = last === undefined ? -2 : 0.3;
      for (const option of options) {
        const straight = last === undefined ? 0 : cosine(mesh, last, here, option);
        if (straight > best) [to, best] = [option, straight];
      }
      if (to === undefined) return line;
      unlink(here, to);
      unlink(to, here);
      line.push(to);
      here = to;
    }
  };
  const out: Metres[][] = [];
  const starts = [...around.keys()].sort(
    (a, b) => (around.get(a)?.length === 1 ? 0 : 1) - (around.get(b)?.length === 1 ? 0 : 1) || a - b,
  );
  for (const start of starts) {
    while ((around.get(start)?.length ?? 0) > 0) out.push(walk(start).map((v) => mesh.at(v)));
  }
  return out;
}

function cosine(mesh: Mesh, a: number, b: number, c: number): number {
  const [u, w] = [direction(mesh.at(a), mesh.at(b)), direction(mesh.at(b), mesh.at(c))];
  return u[0] * w[0] + u[1] * w[1];
}
