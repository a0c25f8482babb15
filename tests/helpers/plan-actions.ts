import { cutCell } from "../../data/coverage/plan-graph/actions/cut-cell.ts";
import { dragBorder } from "../../data/coverage/plan-graph/actions/drag-border.ts";
import { deleteNode, insertNode } from "../../data/coverage/plan-graph/actions/edit-nodes.ts";
import { dissolveIntoNeighbours, mergeCells, moveFace } from "../../data/coverage/plan-graph/actions/merge-cells.ts";
import { moveNode } from "../../data/coverage/plan-graph/actions/move-node.ts";
import { newCell, paintGround } from "../../data/coverage/plan-graph/actions/paint.ts";
import { changeKind, renumber } from "../../data/coverage/plan-graph/actions/rename.ts";
import { rerouteBorder } from "../../data/coverage/plan-graph/actions/reroute-border.ts";
import { facesBeside, neighbours } from "../../data/coverage/plan-graph/cell-polygons.ts";
import type { LatticePoint } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import type { Arc, CellId, PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import type { ActionResult } from "../../data/coverage/plan-graph/refusals.ts";
import { cornersOf, walkOf } from "../../data/coverage/plan-graph/walks.ts";
import type { Prng } from "../../data/demo/prng.ts";

type Draw = (graph: PlanGraph, random: Prng) => ActionResult;

function anyArc(graph: PlanGraph, random: Prng): { readonly id: number; readonly arc: Arc } {
  for (;;) {
    const id = random.int(0, graph.arcs.length - 1);
    const arc = graph.arcs.get(id);
    if (arc) return { id, arc };
  }
}

function anyCell(graph: PlanGraph, random: Prng): CellId {
  const { arc } = anyArc(graph, random);
  return graph.faces.get(arc.left)?.cell ?? graph.faces.get(arc.right)?.cell ?? "";
}

const boxOfCell = (graph: PlanGraph, id: CellId): readonly [number, number, number, number] => {
  const [face = 0] = graph.cells.get(id)?.faces ?? [];
  const corners = cornersOf(graph, walkOf(graph, graph.faces.get(face)?.walks[0] ?? 0));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/** A crooked blob around a place. */
function blob(random: Prng, [x, y]: LatticePoint, size: number): LatticePoint[] {
  const count = random.int(3, 9);
  const ring = Array.from({ length: count }, (_, i): LatticePoint => {
    const angle = (2 * Math.PI * i) / count;
    const reach = size * random.range(0.4, 1);
    return [Math.round(x + reach * Math.cos(angle)), Math.round(y + reach * Math.sin(angle))];
  });
  return [...ring, ring[0] as LatticePoint];
}

/** One way to edit for each action, with a draw of its arguments. */
export const PLAN_DRAWS: Readonly<Record<string, Draw>> = {
  moveNode: (graph, random) => {
    const { id, arc } = anyArc(graph, random);
    const vertex = random.int(0, arc.line.length / 2 - 1);
    const [x, y] = [arc.line[vertex * 2] as number, arc.line[vertex * 2 + 1] as number];
    const reach = random.chance(0.2) ? 20_000 : 800;
    return moveNode(graph, {
      node: { arc: id, vertex },
      to: [x + random.int(-reach, reach), y + random.int(-reach, reach)],
    });
  },
  insertNode: (graph, random) => {
    const { id, arc } = anyArc(graph, random);
    const segment = random.int(0, arc.line.length / 2 - 2);
    const [ax = 0, ay = 0, bx = 0, by = 0] = arc.line.subarray(segment * 2, segment * 2 + 4);
    const off = (): number => random.int(-300, 300);
    return insertNode(graph, {
      arc: id,
      segment,
      at: [Math.round((ax + bx) / 2) + off(), Math.round((ay + by) / 2) + off()],
    });
  },
  deleteNode: (graph, random) => {
    const { id, arc } = anyArc(graph, random);
    return deleteNode(graph, { node: { arc: id, vertex: random.int(0, arc.line.length / 2 - 1) } });
  },
  dragBorder: (graph, random) => {
    const { id, arc } = anyArc(graph, random);
    return dragBorder(graph, {
      grip: { arc: id, vertex: random.int(0, arc.line.length / 2 - 1) },
      by: [random.int(-2_000, 2_000), random.int(-2_000, 2_000)],
      reachM: random.range(1, 400),
      manner: random.pick(["soft", "rigid"]),
    });
  },
  rerouteBorder: (graph, random) => {
    const { arc } = anyArc(graph, random);
    const [i, j] = [random.int(0, arc.line.length / 2 - 1) * 2, random.int(0, arc.line.length / 2 - 1) * 2];
    const [ax, ay, bx, by] = [arc.line[i], arc.line[i + 1], arc.line[j], arc.line[j + 1]] as [
      number,
      number,
      number,
      number,
    ];
    const middle: LatticePoint = [
      Math.round((ax + bx) / 2) + random.int(-2_000, 2_000),
      Math.round((ay + by) / 2) + random.int(-2_000, 2_000),
    ];
    return rerouteBorder(graph, { line: [[ax, ay], middle, [bx, by]], reach: 200 });
  },
  moveFace: (graph, random) => {
    const parts = [...graph.cells.values()].flatMap(({ faces }) => (faces.length > 1 ? faces : []));
    const face = parts.length > 0 ? random.pick(parts) : anyArc(graph, random).arc.left;
    const beside = [...facesBeside(graph, face)].flatMap((other) => graph.faces.get(other)?.cell ?? []);
    return moveFace(graph, { face, to: beside.length > 0 ? random.pick(beside) : "" });
  },
  changeKind: (graph, random) =>
    changeKind(graph, { cell: anyCell(graph, random), kind: random.pick(["basic", "dedicated"]) }),
  renumber: (graph, random) => renumber(graph, { parent: graph.cells.get(anyCell(graph, random))?.parent ?? "" }),
  paintGround: (graph, random) => {
    const { arc } = anyArc(graph, random);
    const to = graph.faces.get(random.chance(0.5) ? arc.left : arc.right)?.cell ?? anyCell(graph, random);
    if (random.chance(0.3)) {
      // Far from the cell's own ground: a part that lies apart.
      const [west, south, east, north] = boxOfCell(graph, random.pick([...neighbours(graph, to), to]));
      const place: LatticePoint = [random.int(west, east), random.int(south, north)];
      return paintGround(graph, { polygons: [[blob(random, place, 3_000)]], to, allowParts: true });
    }
    const at = random.int(0, arc.line.length / 2 - 1) * 2;
    const middle: LatticePoint = [arc.line[at] as number, arc.line[at + 1] as number];
    return paintGround(graph, {
      polygons: [[blob(random, middle, random.range(50, 12_000))]],
      to,
      allowParts: random.chance(0.4),
    });
  },
  newCell: (graph, random) => {
    const [west, south, east, north] = boxOfCell(graph, anyCell(graph, random));
    const middle: LatticePoint = [random.int(west, east), random.int(south, north)];
    return newCell(graph, { polygons: [[blob(random, middle, random.range(500, 8_000))]] });
  },
  cutCell: (graph, random) => {
    const [west, south, east, north] = boxOfCell(graph, anyCell(graph, random));
    const line: LatticePoint[] = random.chance(0.5)
      ? [
          [west - 50, random.int(south, north)],
          [random.int(west, east), random.int(south, north)],
          [east + 50, random.int(south, north)],
        ]
      : [
          [random.int(west, east), south - 50],
          [random.int(west, east), north + 50],
        ];
    return cutCell(graph, { line });
  },
  mergeCells: (graph, random) => {
    const into = anyCell(graph, random);
    const beside = neighbours(graph, into);
    return mergeCells(graph, { cells: [into, beside.length > 0 ? random.pick(beside) : into], into });
  },
  dissolveIntoNeighbours: (graph, random) => dissolveIntoNeighbours(graph, { cell: anyCell(graph, random) }),
};

/** How often each action is drawn: what makes cells and what ends them keep their number about even. */
const WEIGHTS: Readonly<Record<string, number>> = {
  moveNode: 4,
  dragBorder: 3,
  rerouteBorder: 3,
  renumber: 0.2,
  mergeCells: 2,
  dissolveIntoNeighbours: 0.5,
  newCell: 0.7,
};

/** Draws an action and does it. */
export function drawAction(graph: PlanGraph, random: Prng): { readonly name: string; readonly result: ActionResult } {
  const names = Object.keys(PLAN_DRAWS);
  const name = names[random.weighted(names.map((one) => WEIGHTS[one] ?? 1))] as string;
  return { name, result: (PLAN_DRAWS[name] as Draw)(graph, random) };
}
