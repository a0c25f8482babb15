import { bugError } from "../../model/errors.ts";
import type { LocalPlane, Metres } from "./local-plane.ts";

/** Rank of a border between two blocks: what runs along it. */
export const EDGE_RANKS = ["none", "local", "collector", "arterial", "river"] as const;
export type EdgeRank = (typeof EDGE_RANKS)[number];

export interface EdgeTag {
  readonly rank: EdgeRank;
  /** Streets that run along the edge; a short edge between two crossings can carry both. */
  readonly lines: readonly string[];
}

const PLAIN: EdgeTag = { rank: "none", lines: [] };
const KEY = 4194304;

/** Outside of the mesh in a face's list of neighbours. */
export const OUTSIDE = -1;

/**
 * Planar mesh on the 1e-7 degree lattice: each border is stored once, so neighbours share their vertices to the unit.
 * Every vertex has two or three edges. Three at most means that the union of any faces is bounded by simple rings that
 * do not touch, so no area can touch itself in a point.
 */
export class Mesh {
  readonly xs: number[] = [];
  readonly ys: number[] = [];
  /** Vertices of each face, counter-clockwise. */
  readonly loops: number[][] = [];
  readonly #metres: Metres[] = [];
  readonly #faceOf = new Map<number, number>();
  readonly #tags = new Map<number, EdgeTag>();

  constructor(readonly plane: LocalPlane) {}

  addVertex(point: Metres): number {
    const [x, y] = this.plane.toLattice(point);
    this.xs.push(x);
    this.ys.push(y);
    this.#metres.push(this.plane.fromLattice(x, y));
    return this.xs.length - 1;
  }

  moveVertex(vertex: number, point: Metres): void {
    const [x, y] = this.plane.toLattice(point);
    this.xs[vertex] = x;
    this.ys[vertex] = y;
    this.#metres[vertex] = this.plane.fromLattice(x, y);
  }

  addFace(loop: readonly number[]): number {
    const face = this.loops.length;
    this.loops.push([...loop]);
    this.#claim(face);
    return face;
  }

  /** Position of a vertex after snapping, metres. */
  at(vertex: number): Metres {
    return this.#metres[vertex] as Metres;
  }

  ring(face: number): Metres[] {
    return this.loop(face).map((vertex) => this.at(vertex));
  }

  loop(face: number): readonly number[] {
    return this.loops[face] as number[];
  }

  /** Face on the left of the edge a → b; `OUTSIDE` when there is none. */
  faceLeft(a: number, b: number): number {
    return this.#faceOf.get(a * KEY + b) ?? OUTSIDE;
  }

  tag(a: number, b: number): EdgeTag {
    return this.#tags.get(a < b ? a * KEY + b : b * KEY + a) ?? PLAIN;
  }

  setTag(a: number, b: number, tag: EdgeTag): void {
    this.#tags.set(a < b ? a * KEY + b : b * KEY + a, tag);
  }

  /** Puts vertex `v` on the edge a–b, in both faces; both halves keep the edge's tag. */
  insertOnEdge(a: number, b: number, v: number): void {
    const tag = this.tag(a, b);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const face = this.faceLeft(from, to);
      if (face === OUTSIDE) continue;
      const loop = this.loops[face] as number[];
      loop.splice(loop.indexOf(from) + 1, 0, v);
      this.#faceOf.delete(from * KEY + to);
      this.#faceOf.set(from * KEY + v, face);
      this.#faceOf.set(v * KEY + to, face);
    }
    this.#tags.delete(a < b ? a * KEY + b : b * KEY + a);
    if (tag !== PLAIN) {
      this.setTag(a, v, tag);
      this.setTag(v, b, tag);
    }
  }

  /** Cuts a face along u–w, both vertices of it; returns the new face, which lies left of u → w. */
  splitFace(face: number, u: number, w: number, tag: EdgeTag): number {
    const loop = this.loop(face);
    const i = loop.indexOf(u);
    const j = loop.indexOf(w);
    if (i < 0 || j < 0) throw bugError("A cut must join two vertices of the face", { at: `face ${face}` });
    const walk = (from: number, to: number): number[] => {
      const out: number[] = [];
      for (let k = from; ; k = (k + 1) % loop.length) {
        out.push(loop[k] as number);
        if (k === to) return out;
      }
    };
    const kept = walk(i, j);
    const cut = walk(j, i);
    this.loops[face] = kept;
    this.#claim(face);
    this.setTag(u, w, tag);
    return this.addFace(cut);
  }

  /** Faces around a face in the order of its edges, runs of the same neighbour merged. */
  neighbours(face: number): number[] {
    const loop = this.loop(face);
    const out: number[] = [];
    for (let i = 0; i < loop.length; i++) {
      const other = this.faceLeft(loop[(i + 1) % loop.length] as number, loop[i] as number);
      if (out[out.length - 1] !== other) out.push(other);
    }
    if (out.length > 1 && out[0] === out[out.length - 1]) out.pop();
    return out;
  }

  /** Undirected edges that touch a face, each once, with the face on its left. */
  *edges(): Generator<{ readonly a: number; readonly b: number; readonly left: number; readonly right: number }> {
    for (let face = 0; face < this.loops.length; face++) {
      const loop = this.loop(face);
      for (let i = 0; i < loop.length; i++) {
        const a = loop[i] as number;
        const b = loop[(i + 1) % loop.length] as number;
        const right = this.faceLeft(b, a);
        if (right < face) yield { a, b, left: face, right };
      }
    }
  }

  #claim(face: number): void {
    const loop = this.loop(face);
    for (let i = 0; i < loop.length; i++) {
      this.#faceOf.set((loop[i] as number) * KEY + (loop[(i + 1) % loop.length] as number), face);
    }
  }
}
