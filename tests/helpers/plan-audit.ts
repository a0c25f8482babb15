import { checkCoverage } from "../../data/coverage/check-coverage.ts";
import { cellPolygons } from "../../data/coverage/plan-graph/cell-polygons.ts";
import { fromLatticePolygons } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import { type ArcRef, OUTSIDE_FACE, type PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import { exactDoubleArea } from "../../data/coverage/plan-graph/walk-shape.ts";
import { cornersOf, faceOf, walkOf } from "../../data/coverage/plan-graph/walks.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";

/** What is wrong with the links of a graph; empty when all of them agree. */
export function auditLinks(graph: PlanGraph): string[] {
  const faults: string[] = [];
  const seen = new Map<ArcRef, number>();
  [...graph.faces].forEach((face, id) => {
    if (!face) return;
    if (face.cell !== null && !graph.cells.get(face.cell)?.faces.includes(id))
      faults.push(`cell ${face.cell} does not know its face ${id}`);
    face.walks.forEach((start, n) => {
      const refs = walkOf(graph, start);
      for (const ref of refs) {
        if (seen.has(ref)) faults.push(`reference ${ref} is in two walks`);
        seen.set(ref, id);
        if (faceOf(graph, ref) !== id) faults.push(`reference ${ref} has face ${faceOf(graph, ref)}, not ${id}`);
      }
      const area = exactDoubleArea(cornersOf(graph, refs));
      if (area > 0n !== (n === 0 && id !== OUTSIDE_FACE)) faults.push(`walk ${n} of face ${id} turns the wrong way`);
    });
  });
  [...graph.arcs].forEach((arc, id) => {
    if (!arc) return;
    for (const ref of [id, ~id]) if (!seen.has(ref)) faults.push(`reference ${ref} is in no walk`);
    const [a, b] = [graph.nodes.get(arc.from), graph.nodes.get(arc.to)];
    const { line } = arc;
    if (a?.x !== line[0] || a?.y !== line[1]) faults.push(`arc ${id} does not begin at its node`);
    if (b?.x !== line[line.length - 2] || b?.y !== line[line.length - 1])
      faults.push(`arc ${id} does not end at its node`);
    if (!a?.out.includes(id) || !b?.out.includes(~id)) faults.push(`nodes of arc ${id} do not know it`);
    const [left, right] = [graph.faces.get(arc.left), graph.faces.get(arc.right)];
    if (left?.cell === right?.cell && left?.claims.join() === right?.claims.join())
      faults.push(`arc ${id} has one holder on both sides`);
  });
  [...graph.nodes].forEach((node, id) => {
    if (!node) return;
    const loop = node.out.length === 2 && node.out[0] === ~(node.out[1] as number);
    if (node.out.length < 3 && !loop) faults.push(`node ${id} is none`);
  });
  for (const cell of graph.cells.values()) {
    if (cell.faces.length === 0) faults.push(`cell ${cell.id} has no ground`);
    for (const face of cell.faces)
      if (graph.faces.get(face)?.cell !== cell.id) faults.push(`face ${face} is not of cell ${cell.id}`);
  }
  return faults;
}

/** Twice the area of all cells in lattice units, exact. */
export const groundOf = (graph: PlanGraph): bigint => {
  let sum = 0n;
  for (const face of graph.faces)
    if (face && face.cell !== null)
      for (const start of face.walks) sum += exactDoubleArea(cornersOf(graph, walkOf(graph, start)));
  return sum;
};

/** Faults that the exact check of a coverage finds against the outline; parts that lie apart are none here. */
export function auditCoverage(graph: PlanGraph, outline: MultiPolygonRings): string[] {
  const members = graph.cells
    .keys()
    .map((id) => ({ code: id, geometry: fromLatticePolygons(cellPolygons(graph, id)) }));
  return checkCoverage(members, { code: "outline", geometry: outline })
    .filter(({ kind }) => kind !== "detached")
    .map(({ kind, codes, message }) => `${kind} ${codes.join()} ${message}`);
}
