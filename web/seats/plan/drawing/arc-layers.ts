import type { Layer } from "@deck.gl/core";
import { PathLayer } from "@deck.gl/layers";
import { type Arc, OUTSIDE_FACE, type PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { changedArcs } from "./changed.ts";
import { type Colour, UNSEEN } from "./colour.ts";
import { pathOf } from "./shapes.ts";
import { TieredLayers } from "./tiered-layers.ts";

/** What kind of border an arc is, from plain to strong. */
type ArcKind = "grid" | "community" | "outline" | "changed";

interface DrawnArc {
  readonly number: number;
  readonly line: Int32Array;
  readonly kind: ArcKind;
}

const parentOf = (graph: PlanGraph, face: number): string | null | undefined => {
  const cell = graph.faces.get(face)?.cell;
  return cell ? graph.cells.get(cell)?.parent : undefined;
};

/** A line's corners as text, the same in either direction. */
function textOf(line: Int32Array): string {
  const last = line.length - 2;
  const [x, y, lastX, lastY] = [line[0], line[1], line[last], line[last + 1]] as [number, number, number, number];
  const forth = x < lastX || (x === lastX && y < lastY) || (x === lastX && y === lastY && isTurned(line));
  if (forth) return line.join();
  const back: number[] = [];
  for (let i = last; i >= 0; i -= 2) back.push(line[i] as number, line[i + 1] as number);
  return back.join();
}

/** Which way a closed line runs: by its second corner and its last but one. */
const isTurned = (line: Int32Array): boolean => {
  const [ax, ay, bx, by] = [line[2], line[3], line[line.length - 4], line[line.length - 3]] as [
    number,
    number,
    number,
    number,
  ];
  return ax < bx || (ax === bx && ay < by);
};

const known = new WeakMap<PlanGraph, ReadonlySet<string>>();

/** Lines of today's borders, as text. */
function linesOf(base: PlanGraph): ReadonlySet<string> {
  let lines = known.get(base);
  if (!lines) {
    lines = new Set([...base.arcs].flatMap((arc) => (arc ? [textOf(arc.line)] : [])));
    known.set(base, lines);
  }
  return lines;
}

function kindOf(graph: PlanGraph, base: PlanGraph, number: number, arc: Arc): ArcKind {
  // A plan that was opened again numbers its arcs anew: then its lines are looked up by what they are.
  if (base.arcs.get(number)?.line !== arc.line && !linesOf(base).has(textOf(arc.line))) return "changed";
  if (arc.left === OUTSIDE_FACE || arc.right === OUTSIDE_FACE) return "outline";
  return parentOf(graph, arc.left) === parentOf(graph, arc.right) ? "grid" : "community";
}

const WIDTH: Readonly<Record<ArcKind, number>> = { grid: 1.6, community: 2.4, outline: 3, changed: 2.6 };

/** Borders of the plan. */
export class ArcLayers {
  #graph: PlanGraph | undefined;
  #base: PlanGraph | undefined;
  #look = "";
  #colours: Readonly<Record<ArcKind, Colour>> | undefined;
  #scale = 1;
  readonly #tiers = new TieredLayers<number, DrawnArc>({
    id: "plan-arcs",
    itemsOf: (number) => {
      const arc = this.#graph?.arcs.get(number);
      return arc && this.#graph && this.#base
        ? [{ number, line: arc.line, kind: kindOf(this.#graph, this.#base, number, arc) }]
        : [];
    },
    cornersOf: ({ line }) => line.length / 2,
    make: ({ id, data, isHidden, look }) => {
      const [colours, scale] = [this.#colours, this.#scale];
      return new PathLayer<DrawnArc>({
        id,
        data,
        positionFormat: "XY",
        _pathType: "open",
        getPath: ({ line }) => pathOf(line),
        getColor: ({ number, kind }) => (isHidden(number) ? UNSEEN : (colours?.[kind] ?? UNSEEN)),
        getWidth: ({ kind }) => WIDTH[kind] * scale,
        updateTriggers: { getColor: look, getWidth: scale },
        widthUnits: "pixels",
        jointRounded: true,
        capRounded: true,
        parameters: FLAT,
      });
    },
  });

  /**
   * @param scale size of signs relative to a 16-pixel page
   * @param isMoving whether a hand is moving borders
   */
  layers(graph: PlanGraph, base: PlanGraph, palette: MapPalette, scale: number, isMoving: boolean): Layer[] {
    const look = `${palette.theme} ${scale}`;
    const isOther = base !== this.#base;
    const changed = changedArcs(isOther ? undefined : this.#graph, graph);
    // Numbers of arcs that another base had beyond those of this one are gone as well.
    const gone = isOther ? Array.from({ length: this.#graph?.arcs.length ?? 0 }, (_, arc) => arc) : [];
    const restyled = look === this.#look ? [] : "all";
    [this.#graph, this.#base, this.#look, this.#scale] = [graph, base, look, scale];
    this.#colours = {
      grid: rgba(palette.outlineStrong, 230),
      community: rgba(palette.text, 230),
      outline: rgba(palette.text, 255),
      changed: rgba(palette.accent, 255),
    };
    return this.#tiers.layers([...gone, ...changed], restyled, isMoving);
  }
}
