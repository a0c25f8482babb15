import type { Layer } from "@deck.gl/core";
import type { SymbolLayerSpecification } from "maplibre-gl";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { Bbox, LonLat } from "../../../../data/model/geometry.ts";
import { collection, feature } from "../../../layers/feature.ts";
import { labelLayer } from "../../../layers/labels/label-layer.ts";
import type { MapGuest } from "../../../map/map-tool.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { memoLast, type StylePart } from "../../../map/scene.ts";
import type { ModeId } from "../modes/mode.ts";
import { bandOf } from "../state/band.ts";
import type { EditorState } from "../state/editor.ts";
import { type Figures, householdsOf, householdsOfGrid } from "../state/figures.ts";
import type { PlanFigures } from "../state/keep-figures.ts";
import type { NextPin, Pin } from "../state/pins.ts";
import { cellsOfGrid, changedSums } from "../state/sums.ts";
import { ArcLayers } from "./arc-layers.ts";
import type { Colour } from "./colour.ts";
import { CornerLayers } from "./corner-layers.ts";
import { FillLayers } from "./fill-layers.ts";
import { conflictLayer, ghostLayer, heldLayer, pinLayer } from "./people-layers.ts";
import { CellShapes } from "./shapes.ts";
import { chosenCorner, homeLayer, markLayer, sketchLayers, snapLayers } from "./sign-layers.ts";

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

function fillOf(palette: MapPalette, band: Band | undefined, selected: boolean, hovered: boolean): Colour {
  const alpha = selected ? 120 : hovered ? 80 : 46;
  if (band === "few") return rgba(palette.status.open, alpha);
  if (band === "many") return rgba(palette.status.late, alpha);
  return selected || hovered ? rgba(palette.accent, alpha) : rgba(palette.land, 0);
}

/** What the colours of the ground were worked out from. */
interface Looked {
  readonly palette: MapPalette;
  readonly isolated: string | undefined;
  readonly hovered: CellId | undefined;
  readonly selected: readonly CellId[];
  readonly isKnown: boolean;
  readonly shown: Figures;
}

/** Tools that take no corners. */
const WITHOUT_CORNERS: ReadonlySet<ModeId> = new Set(["select", "measure", "comment"]);

/** Draws the plan above the map: ground, borders, corners, what is held, what is drawn. Makes anew only what changed. */
export class PlanDrawing {
  readonly #shapes = new CellShapes();
  readonly #arcs = new ArcLayers();
  readonly #corners = new CornerLayers();
  readonly #fills = new FillLayers(this.#shapes);
  #looked: Looked | undefined;
  #style: StylePart | undefined;
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

  draw(editor: EditorState, look: Look, { settled, shown }: PlanFigures): MapGuest | undefined {
    if (!editor.base) return undefined;
    const { graph } = shown;
    const { palette, scale } = look;
    const isMoving = editor.live !== undefined;
    const isolated = isolatedParent(editor, settled.graph);
    const deck: Layer[] = this.#ground(editor, look, shown, isolated);
    if (editor.ground && look.zoom >= HOMES_FROM) deck.push(homeLayer(editor.ground.buildings, palette, scale));
    if (editor.ghost) deck.push(ghostLayer(editor.base, palette, scale));
    if (look.held.size > 0) deck.push(heldLayer(look.held, this.#shapes, palette, scale));
    deck.push(...this.#arcs.layers(graph, editor.base, palette, scale, isMoving));
    if (look.zoom >= CORNERS_FROM && editor.mayDraw && !WITHOUT_CORNERS.has(editor.mode))
      deck.push(...this.#corners.layers(graph, look.bounds, palette, scale, isMoving));
    if (look.pins.length > 0 || look.nextPin) deck.push(pinLayer(look.pins, look.nextPin, palette, scale));
    if (look.conflicts.length > 0) deck.push(conflictLayer(look.conflicts, palette, scale));
    if (editor.corner) deck.push(chosenCorner(editor.corner, palette, scale));
    if (editor.sketch) deck.push(...sketchLayers(editor.sketch, palette, scale));
    if (editor.snap) deck.push(...snapLayers(editor.snap, palette, scale));
    if (editor.refusal) deck.push(markLayer(editor.refusal.where, palette, scale));
    // Names wait for the end of the gesture: they are the map's, which sets them out anew.
    if (!isMoving || !this.#style)
      this.#style = this.#names(settled.graph, editor.base, palette, scale, isolated, look.figure, look.pins);
    return { deck, style: this.#style };
  }

  /** Ground of the grids. Only of those that are other than before it is asked how they look. */
  #ground(editor: EditorState, { palette }: Look, shown: Figures, isolated: string | undefined): Layer[] {
    const { graph } = shown;
    const isMoving = editor.live !== undefined;
    const chosen = new Set(editor.selected);
    const hovered = isMoving ? undefined : editor.hovered;
    const isKnown = editor.ground?.householdsKnown ?? false;
    const band = (id: CellId): Band | undefined => (isKnown ? bandOf(householdsOfGrid(shown, id)) : undefined);
    const colourOf = (id: CellId): Colour =>
      isolated !== undefined && graph.cells.get(id)?.parent !== isolated
        ? rgba(palette.void, 190)
        : fillOf(palette, band(id), chosen.has(id), hovered === id);
    const before = this.#looked;
    this.#looked = { palette, isolated, hovered, selected: editor.selected, isKnown, shown };
    const changed = this.#shapes.show(graph);
    if (!before || before.palette !== palette || before.isolated !== isolated || before.isKnown !== isKnown)
      return this.#fills.layers(colourOf, changed, "all", isMoving);
    const restyled = new Set<CellId>();
    if (before.hovered !== hovered) for (const id of [before.hovered, hovered]) if (id !== undefined) restyled.add(id);
    if (before.selected !== editor.selected) for (const id of [...before.selected, ...chosen]) restyled.add(id);
    // Micro-grids are judged by their grid: one that lost households may change how its sisters look.
    for (const key of isKnown ? changedSums(before.shown.sums, shown.sums) : [])
      if (bandOf(householdsOf(before.shown.sums.get(key))) !== bandOf(householdsOf(shown.sums.get(key))))
        for (const id of cellsOfGrid(graph, key)) restyled.add(id);
    return this.#fills.layers(colourOf, changed, restyled, isMoving);
  }

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
