import type { Layer } from "@deck.gl/core";
import type { SymbolLayerSpecification } from "maplibre-gl";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { Bbox, LonLat } from "../../../../data/model/geometry.ts";
import { collection, feature } from "../../../layers/feature.ts";
import { labelLayer } from "../../../layers/labels/label-layer.ts";
import type { MapGuest } from "../../../map/map-tool.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { memoLast, type StylePart } from "../../../map/scene.ts";
import { type EditorState, settledGraph, shownGraph } from "../state/editor.ts";
import type { NextPin, Pin } from "../state/pins.ts";
import { ArcLayers } from "./arc-layers.ts";
import { FillLayers } from "./fill-layers.ts";
import { conflictLayer, ghostLayer, heldLayer, pinLayer } from "./people-layers.ts";
import { CellShapes } from "./shapes.ts";
import { chosenCorner, cornerLayer, homeLayer, markLayer, sketchLayers, snapLayers } from "./sign-layers.ts";

/** Names stay in the middle of their grid: one that moved aside would stand on the neighbour, and be read as its name. */
function named(palette: MapPalette, scale: number): SymbolLayerSpecification {
  const layer = labelLayer("plan-names", palette, scale, "Bold");
  return { ...layer, layout: { ...layer.layout, "text-variable-anchor": ["center"] } };
}

/** What the drawing depends on beside the editor. */
export interface Look {
  readonly palette: MapPalette;
  readonly scale: number;
  /** Zoom at scale 1 in halves, and the box on screen with a margin. */
  readonly zoom: number;
  readonly bounds: Bbox;
  /** How a grid's households stand to the 300–500 that it should have; undefined = not known. */
  readonly band: (id: CellId) => Band | undefined;
  /** Second line under a grid's name, e.g. its households. */
  readonly figure: (id: CellId) => string;
  /** Names of others by the cells that they hold. */
  readonly held: ReadonlyMap<CellId, string>;
  readonly pins: readonly Pin[];
  readonly nextPin: NextPin | undefined;
  /** Places of conflicts that the planner is asked about. */
  readonly conflicts: readonly LonLat[];
}

export type Band = "few" | "right" | "many";

/** Zooms (at scale 1) from which corners and buildings are worth showing. */
const CORNERS_FROM = 14.5;
const HOMES_FROM = 14;

type Colour = [number, number, number, number];

function fillOf(palette: MapPalette, band: Band | undefined, selected: boolean, hovered: boolean): Colour {
  const alpha = selected ? 120 : hovered ? 80 : 46;
  if (band === "few") return rgba(palette.status.open, alpha);
  if (band === "many") return rgba(palette.status.late, alpha);
  return selected || hovered ? rgba(palette.accent, alpha) : rgba(palette.land, 0);
}

/** Draws the plan above the map: ground, borders, corners, what is held, what is drawn. Makes anew only what changed. */
export class PlanDrawing {
  readonly #shapes = new CellShapes();
  readonly #arcs = new ArcLayers();
  readonly #fills = new FillLayers();
  readonly #names = memoLast(
    (
      graph: PlanGraph,
      base: PlanGraph,
      palette: MapPalette,
      scale: number,
      isolated: string | undefined,
      figure: Look["figure"],
      pins: readonly Pin[],
    ) => this.#nameStyle(graph, commonStarts(base), palette, scale, isolated, figure, pins),
  );

  draw(editor: EditorState, look: Look): MapGuest | undefined {
    const graph = shownGraph(editor);
    const settled = settledGraph(editor);
    if (!graph || !settled || !editor.base) return undefined;
    const { palette, scale } = look;
    const changed = this.#shapes.show(graph);
    const isolated = isolatedParent(editor, settled);
    const chosen = new Set(editor.selected);
    const veiled = (id: CellId): boolean => isolated !== undefined && graph.cells.get(id)?.parent !== isolated;
    const fill = (id: CellId): Colour =>
      veiled(id)
        ? rgba(palette.void, 190)
        : fillOf(palette, look.band(id), chosen.has(id), editor.hovered === id && editor.live === undefined);
    const fillKey = (id: CellId): string => fill(id).join();
    const deck: Layer[] = [...this.#fills.layers(graph, this.#shapes, changed, fill, fillKey)];
    if (editor.ground && look.zoom >= HOMES_FROM) deck.push(homeLayer(editor.ground.buildings, palette, scale));
    if (editor.ghost) deck.push(ghostLayer(editor.base, palette, scale));
    if (look.held.size > 0) deck.push(heldLayer(look.held, this.#shapes, palette, scale));
    deck.push(...this.#arcs.layers(graph, editor.base, palette, scale));
    if (
      look.zoom >= CORNERS_FROM &&
      editor.mayDraw &&
      editor.mode !== "select" &&
      editor.mode !== "measure" &&
      editor.mode !== "comment"
    )
      deck.push(cornerLayer(graph, look.bounds, palette, scale));
    if (look.pins.length > 0 || look.nextPin) deck.push(pinLayer(look.pins, look.nextPin, palette, scale));
    if (look.conflicts.length > 0) deck.push(conflictLayer(look.conflicts, palette, scale));
    if (editor.corner) deck.push(chosenCorner(editor.corner, palette, scale));
    if (editor.sketch) deck.push(...sketchLayers(editor.sketch, palette, scale));
    if (editor.snap) deck.push(...snapLayers(editor.snap, palette, scale));
    if (editor.refusal) deck.push(markLayer(editor.refusal.where, palette, scale));
    // Names wait for the end of the gesture: they are the map's, which sets them out anew.
    const style = editor.live
      ? this.#lastStyle
      : this.#names(settled, editor.base, palette, scale, isolated, look.figure, look.pins);
    this.#lastStyle = style;
    return style ? { deck, style } : { deck };
  }
  #lastStyle: StylePart | undefined;

  #nameStyle(
    graph: PlanGraph,
    communityNames: ReadonlyMap<string, string>,
    palette: MapPalette,
    scale: number,
    isolated: string | undefined,
    figure: Look["figure"],
    pins: readonly Pin[],
  ): StylePart {
    const features = [...graph.cells.values()].flatMap((cell) => {
      const at = isolated === undefined || cell.parent === isolated ? this.#shapes.label(cell.id) : undefined;
      if (!at) return [];
      const text = shortName(cell.name, communityNames.get(cell.parent ?? ""));
      const properties = { text, second: figure(cell.id), rank: 1, size: 12.5, colour: palette.text };
      return [feature({ type: "Point", coordinates: at }, properties)];
    });
    const numbers = pins.map(({ at, number, open }) => {
      const colour = open ? palette.text : palette.textMuted;
      return feature({ type: "Point", coordinates: at }, { text: `${number}`, second: "", rank: 0, size: 12, colour });
    });
    return {
      sources: { "plan-names": collection([...numbers, ...features]) },
      layers: [],
      topLayers: [named(palette, scale)],
    };
  }
}

/** Words that all names of a community's grids begin with: its own name, as a rule. */
function commonStarts(graph: PlanGraph): ReadonlyMap<string, string> {
  const starts = new Map<string, string>();
  for (const { name, parent } of graph.cells.values()) {
    if (parent === null) continue;
    const known = starts.get(parent) ?? name;
    let length = 0;
    while (length < known.length && known[length] === name[length]) length++;
    starts.set(parent, known.slice(0, length));
  }
  return starts;
}

/** A name without what all its neighbours' names begin with; the ordinal sign stays with its number. */
function shortName(name: string, start = ""): string {
  const kept = start.endsWith("第") ? start.length - 1 : start.length;
  return name.length > kept && kept > 1 && name.startsWith(start) ? name.slice(kept) : name;
}

/** Area above the chosen grids while it is looked at alone. */
function isolatedParent({ isolated, selected }: EditorState, graph: PlanGraph): string | undefined {
  const [first] = selected;
  if (!isolated || first === undefined) return undefined;
  return graph.cells.get(first)?.parent ?? undefined;
}
