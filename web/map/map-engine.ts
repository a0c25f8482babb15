import type { Layer, PickingInfo } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Bbox, LonLat } from "../../data/model/geometry.ts";
import { type Camera, LAYER_IDS, useView } from "../app/view-state.ts";
import { ROOM_IMAGE, roomImage } from "../layers/labels/room.ts";
import { hatch, hatchName } from "../layers/ownership/ownership.layer.ts";
import { orderedLayers } from "../layers/registry.ts";
import { PLATE_OPTIONS, plateImage, plateName } from "../layers/staff/plate-image.ts";
import { useAnswers, usePlane } from "../plane/use-plane.ts";
import { onLiveWindow } from "./live-window.ts";
import { type MapState, useMapState } from "./map-state.ts";
import type { MapGuest, MapTool, ToolPoint } from "./map-tool.ts";
import { prefersReducedMotion } from "./motion.ts";
import { type MapPalette, rgb } from "./palette.ts";
import type { Scene, StylePart } from "./scene.ts";
import { addAnchors, deckAnchor, type PartId, StyleSync } from "./style-sync.ts";

maplibregl.setWorkerUrl(workerUrl);

/** CSS names of fonts that hold Chinese; glyphs are rasterised from them in the browser. */
const FONTS = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif";

/** Layers whose signs answer the pointer, topmost first. */
const PICKED = ["incident-points", "incident-clusters", "camera-points", "incident-dots"];
const PICK_RADIUS_PX = 4;

/** When tiles that could not be had are asked for again, ms: a wall is not moved by anybody. */
const TILE_RETRY_MS = 30_000;

/** Room for panels around the area that is fitted, CSS pixels. */
export interface FitPadding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface EngineEvents {
  /** The user moved the map; undefined camera moves are the page's own. */
  onUserMove(camera: Camera): void;
  onPointer(at: LonLat, x: number, y: number, picked: PickingInfo | undefined): void;
  onLeave(): void;
  onClick(at: LonLat, picked: PickingInfo | undefined): void;
}

/**
 * One MapLibre map with one deck.gl overlay, alive as long as the page.
 *
 * Interleaved, not overlaid: deck.gl draws inside MapLibre's own context, so that names stay above heat and points, there
 * is a single WebGL context and canvas to lose on a screen that runs for weeks, and picking and drawing share one camera.
 * The style has no sprite and no glyph; tiles come from this server alone.
 */
export class MapEngine {
  readonly element: HTMLDivElement;
  readonly map: maplibregl.Map;
  readonly #overlay: MapLibreOverlay;
  readonly #style: StyleSync;
  #events: EngineEvents | undefined;
  #ready = false;
  /** deck.gl sets itself up some time after it is added, and asserts when it is asked for a sign before that. */
  #pickable = false;
  #pending: Scene | undefined;
  #hovered: string | undefined;
  #settled = 0;
  readonly #stops: (() => void)[] = [];
  readonly #groups = emptyGroups();
  /** Sources whose tiles are asked for again in a while. */
  readonly #retries = new Map<string, ReturnType<typeof setTimeout>>();
  /** Layers on screen by the layer of the scene. One that left the screen is not used again: deck.gl has ended it. */
  #placed: ReadonlyMap<Layer, Layer> = new Map();
  /** What a seat draws above the registry's layers, and the tool that has the pointer. */
  #guest: MapGuest | undefined;
  #guestPlaced: ReadonlyMap<Layer, Layer> = new Map();
  #tool: MapTool | undefined;

  constructor(maxPixelRatio: number) {
    this.element = document.createElement("div");
    this.element.className = "map-canvas";
    this.map = new maplibregl.Map({
      container: this.element,
      style: { version: 8, sources: {}, layers: [{ id: "void", type: "background" }] },
      attributionControl: false,
      localIdeographFontFamily: FONTS,
      canvasContextAttributes: { antialias: true, powerPreference: "high-performance" },
      pixelRatio: Math.min(devicePixelRatio, maxPixelRatio),
      fadeDuration: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 19,
      renderWorldCopies: false,
      center: [110, 36],
      zoom: 3,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.#overlay = new MapLibreOverlay({
      interleaved: true,
      layers: this.#groups,
      onLoad: () => {
        this.#pickable = true;
      },
    });
    this.#style = new StyleSync(this.map);
    this.map.once("load", () => {
      addAnchors(this.map);
      this.map.addControl(this.#overlay);
      this.#ready = true;
      if (this.#pending) this.draw(this.#pending);
    });
    this.#listen();
    this.#stops.push(
      onLiveWindow(() => this.repaint()),
      // Dots ask for the filters when they are drawn.
      useView.subscribe((view, before) => {
        if (view.filters !== before.filters) this.repaint();
      }),
      usePlane.subscribe((plane, before) => {
        if (plane.columns !== before.columns) this.repaint();
      }),
      // What was asked for is here, or is not to come: the map may be idle now.
      useAnswers.subscribe(({ waiting }, before) => {
        if (before.waiting && !waiting) this.repaint();
      }),
    );
  }

  set events(events: EngineEvents | undefined) {
    this.#events = events;
  }

  /** Draws a scene; the newest wins. */
  draw(scene: Scene): void {
    this.#pending = scene;
    if (!this.#ready) return;
    this.#busy();
    this.#background(scene.palette, scene.scale);
    const parts = new Map<PartId, StylePart>();
    const placed = new Map<Layer, Layer>();
    for (const layer of orderedLayers()) {
      if (!scene.view.layers.includes(layer.id)) continue;
      if (layer.style) parts.set(layer.id, layer.style(scene));
      for (const deckLayer of layer.deck?.(scene) ?? [])
        placed.set(
          deckLayer,
          this.#placed.get(deckLayer) ?? deckLayer.clone({ beforeId: deckAnchor(layer.id) } as never),
        );
    }
    if (this.#guest?.style) parts.set("guest", this.#guest.style);
    this.#style.sync(parts);
    const [before, layers] = [[...this.#placed.values()], [...placed.values()]];
    this.#placed = placed;
    // deck.gl compares every property of every layer it is given: most changes of a scene concern none of them.
    if (layers.length !== before.length || layers.some((layer, i) => layer !== before[i])) this.#setLayers();
    this.map.triggerRepaint();
  }

  /** Draws what a seat lends; the newest wins. While it is drawn anew with every move of a pointer, the scene is not. */
  show(guest: MapGuest | undefined): void {
    const before = this.#guest;
    this.#guest = guest;
    const placed = new Map<Layer, Layer>();
    for (const layer of guest?.deck ?? [])
      placed.set(layer, this.#guestPlaced.get(layer) ?? layer.clone({ beforeId: deckAnchor("guest") } as never));
    this.#guestPlaced = placed;
    if (!this.#ready) return;
    this.#busy();
    if (before?.style !== guest?.style && this.#pending) this.draw(this.#pending);
    this.#setLayers();
    this.map.triggerRepaint();
  }

  /** Gives the pointer to a tool: nothing under it is looked up any more, and two clicks no longer go nearer. */
  lend(tool: MapTool | undefined): void {
    this.#tool = tool;
    this.map.getCanvas().style.cursor = tool?.cursor ?? "";
    for (const handler of [this.map.doubleClickZoom, this.map.boxZoom]) handler[tool ? "disable" : "enable"]();
  }

  /** Keeps the map from being dragged while a gesture is a tool's. */
  holdStill(still: boolean): void {
    for (const handler of [this.map.dragPan, this.map.touchZoomRotate]) handler[still ? "disable" : "enable"]();
    if (!still) this.map.touchZoomRotate.disableRotation();
  }

  /** Degrees of a place of the map's box, CSS pixels from its upper left corner. */
  place(x: number, y: number): Pick<ToolPoint, "at" | "x" | "y" | "metresPerPixel"> {
    const { lng, lat } = this.map.unproject([x, y]);
    return { at: [lng, lat], x, y, metresPerPixel: useMapState.getState().metresPerPixel };
  }

  #setLayers(): void {
    this.#overlay.setProps({ layers: [...this.#groups, ...this.#placed.values(), ...this.#guestPlaced.values()] });
  }

  /** Draws the same layers again: for what reaches the GPU round the scene (live window, changed rows). */
  repaint(): void {
    if (!this.#ready) return;
    this.#busy();
    this.map.triggerRepaint();
  }

  /** Moves to a box with room for panels; without a flight where motion is unwelcome. */
  fit(bbox: Bbox, padding: FitPadding, animate: boolean): void {
    this.map.fitBounds([bbox[0], bbox[1], bbox[2], bbox[3]], {
      padding: roomFor(this.map.getContainer(), padding),
      animate: animate && !prefersReducedMotion(),
      duration: 900,
      maxZoom: 18,
    });
  }

  jumpTo({ lon, lat, zoom }: Camera): void {
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  zoomTo(at: LonLat, by: number): void {
    this.map.easeTo({
      center: [at[0], at[1]],
      zoom: this.map.getZoom() + by,
      animate: !prefersReducedMotion(),
    });
  }

  /** Lights one area's border; undefined lights none. */
  hoverArea(code: string | undefined): void {
    if (code === this.#hovered || !this.map.getSource("areas")) return;
    if (this.#hovered !== undefined) this.map.setFeatureState({ source: "areas", id: this.#hovered }, { hover: false });
    if (code !== undefined) this.map.setFeatureState({ source: "areas", id: code }, { hover: true });
    this.#hovered = code;
  }

  resize(maxPixelRatio: number): void {
    this.map.setPixelRatio(Math.min(devicePixelRatio, maxPixelRatio));
    this.map.resize();
  }

  dispose(): void {
    this.#events = undefined;
    this.#pickable = false;
    for (const stop of this.#stops) stop();
    for (const retry of this.#retries.values()) clearTimeout(retry);
    this.map.remove();
    this.element.remove();
  }

  #background(palette: MapPalette, scale: number): void {
    this.map.setPaintProperty("void", "background-color", palette.void);
    if (!this.map.hasImage(ROOM_IMAGE)) this.map.addImage(ROOM_IMAGE, roomImage());
    if (!this.map.hasImage(plateName(palette)))
      this.map.addImage(plateName(palette), plateImage(palette), PLATE_OPTIONS);
    const name = hatchName(palette, scale);
    if (!this.map.hasImage(name)) this.map.addImage(name, hatch(rgb(palette.expired), scale));
  }

  #listen(): void {
    const { map } = this;
    const measure = (): Partial<MapState> => {
      const centre = map.getCenter();
      const zoom = map.getZoom();
      return {
        zoom,
        centre: [centre.lng, centre.lat],
        width: map.getContainer().clientWidth,
        // Circumference of the WGS 84 equator over 512-pixel tiles.
        metresPerPixel: (Math.cos((centre.lat * Math.PI) / 180) * 40_075_016.686) / (512 * 2 ** zoom),
      };
    };
    map.on("error", ({ error, ...event }) => this.#failed(error, event));
    map.on("movestart", () => this.#busy());
    map.on("move", () => useMapState.setState(measure()));
    map.on("resize", () => useMapState.setState(measure()));
    map.on("moveend", (event) => {
      useMapState.setState(measure());
      // Only moves by hand carry the input's event.
      if (event.originalEvent) {
        const { lng, lat } = map.getCenter();
        this.#events?.onUserMove({ lon: round(lng, 6), lat: round(lat, 6), zoom: round(map.getZoom(), 2) });
      }
    });
    map.on("idle", () => this.#idle());
    map.on("mousemove", (event) =>
      this.#events?.onPointer(
        [event.lngLat.lng, event.lngLat.lat],
        event.point.x,
        event.point.y,
        map.isMoving() ? undefined : this.#pick(event.point),
      ),
    );
    map.on("mouseout", () => this.#events?.onLeave());
    map.on("click", (event) => this.#events?.onClick([event.lngLat.lng, event.lngLat.lat], this.#pick(event.point)));
    // MapLibre revives its own part, deck.gl does not: once there is a context again, both are built anew.
    map.on("webglcontextrestored", () => useMapState.setState(({ generation }) => ({ generation: generation + 1 })));
  }

  #pick(point: { x: number; y: number }): PickingInfo | undefined {
    if (!this.#pickable || this.#tool) return undefined;
    return this.#overlay.pickObject({ x: point.x, y: point.y, radius: PICK_RADIUS_PX, layerIds: PICKED }) ?? undefined;
  }

  /** A source whose tiles failed is asked again after a while; any other error is told where it can be read. */
  #failed(error: { readonly message: string }, event: object): void {
    const id = "sourceId" in event && typeof event.sourceId === "string" ? event.sourceId : undefined;
    if (id === undefined || !this.map.getSource(id)) {
      console.error(error);
      return;
    }
    if (this.#retries.has(id)) return;
    const retry = setTimeout(() => {
      this.#retries.delete(id);
      if (this.map.getSource(id)) this.map.refreshTiles(id);
    }, TILE_RETRY_MS);
    this.#retries.set(id, retry);
  }

  #busy(): void {
    this.#settled = 0;
    if (useMapState.getState().idle) useMapState.setState({ idle: false });
    this.element.dataset["idle"] = "false";
  }

  /** deck.gl takes up new layers on its own next frame: idle counts only when it comes twice with nothing between. */
  #idle(): void {
    this.#settled++;
    if (this.#settled < 2) {
      requestAnimationFrame(() => this.map.triggerRepaint());
      return;
    }
    if (!this.#pending || this.element.dataset["idle"] === "true" || useAnswers.getState().waiting) return;
    this.element.dataset["idle"] = "true";
    useMapState.setState({ idle: true });
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Padding cut down where the window is too small for it: half the window always stays for the map. */
function roomFor(container: HTMLElement, padding: FitPadding): FitPadding {
  const across = Math.min(1, (container.clientWidth * 0.6) / Math.max(1, padding.left + padding.right));
  const down = Math.min(1, (container.clientHeight * 0.6) / Math.max(1, padding.top + padding.bottom));
  return {
    left: padding.left * across,
    right: padding.right * across,
    top: padding.top * down,
    bottom: padding.bottom * down,
  };
}

/**
 * One empty layer per place in the stack. deck.gl makes its places only while the style is loaded; with these they exist
 * from the start and never come or go with the data.
 */
const emptyGroups = (): Layer[] =>
  [...LAYER_IDS, "guest" as const].map(
    (id) => new ScatterplotLayer({ id: `group-${id}`, data: [], beforeId: deckAnchor(id) } as never) as Layer,
  );
