import type { GeoJSONSource, LayerSpecification, Map as MapLibreMap, VectorTileSource } from "maplibre-gl";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import { LAYER_IDS, type LayerId } from "../app/view-state.ts";
import type { SourceData, StylePart, TileSource } from "./scene.ts";

/** Invisible layers that mark places in the stack: deck.gl draws before `deck:<id>`, style layers before `end:<id>`. */
export const deckAnchor = (id: PartId): string => `deck:${id}`;
const styleAnchor = (id: PartId): string => `end:${id}`;
const TOP_ANCHOR = "end:top";

/** Whose part of the style: a layer of the registry, or the seat that lends the map a drawing of its own. */
export type PartId = LayerId | "guest";
const PART_IDS: readonly PartId[] = [...LAYER_IDS, "guest"];

type Key = PartId | "top";
const KEYS: readonly Key[] = [...PART_IDS, "top"];

const anchorOf = (key: Key): string => (key === "top" ? TOP_ANCHOR : styleAnchor(key));

/** Adds the anchors to an empty, loaded style. */
export function addAnchors(map: MapLibreMap): void {
  const anchor = (id: string): void => {
    map.addLayer({ id, type: "background", layout: { visibility: "none" } });
  };
  for (const id of PART_IDS) {
    anchor(deckAnchor(id));
    anchor(styleAnchor(id));
  }
  anchor(TOP_ANCHOR);
}

/**
 * Brings the map's style to what the layers want, changing as little as possible: a source is set again only when its
 * data is another object, a layer only where a property differs.
 */
export class StyleSync {
  readonly #map: MapLibreMap;
  readonly #sources = new Map<string, SourceData>();
  readonly #layers = new Map<Key, readonly LayerSpecification[]>();
  /** Every layer that the map ever had, and whether this round gave one back. */
  readonly #had = new Set<string>();
  #again = false;

  constructor(map: MapLibreMap) {
    this.#map = map;
  }

  /** Applies the parts of all visible layers; what is not in them is removed. */
  sync(parts: ReadonlyMap<PartId, StylePart>): void {
    const wanted = new Map<string, SourceData>();
    for (const part of parts.values()) for (const [id, data] of Object.entries(part.sources)) wanted.set(id, data);
    for (const [id, data] of wanted) this.#setSource(id, data);
    const top = [...parts.values()].flatMap((part) => part.topLayers ?? []);
    for (const key of KEYS) this.#setLayers(key, key === "top" ? top : (parts.get(key)?.layers ?? []));
    for (const id of [...this.#sources.keys()]) {
      if (wanted.has(id)) continue;
      this.#map.removeSource(id);
      this.#sources.delete(id);
    }
    // A tile that was asked for when the map had a layer may arrive when it has it again. MapLibre then reads the layer's
    // paint, which it has only from the next frame on ("Cannot read properties of undefined (reading 'get')").
    if (this.#again) this.#map.redraw();
    this.#again = false;
  }

  #setSource(id: string, data: SourceData): void {
    const known = this.#sources.get(id);
    if (known === data) return;
    this.#sources.set(id, data);
    if ("tiles" in data) this.#setTiles(id, data, known !== undefined);
    else this.#setFeatures(id, data, known !== undefined);
  }

  /** A source's kind, zooms and box stay as they came: one with others has another id. */
  #setTiles(id: string, { type, tiles, minzoom, maxzoom, tileSize, bounds }: TileSource, known: boolean): void {
    // Workers fetch vector tiles, and have no page to complete an address by.
    const addresses = [`${location.origin}${tiles}`];
    if (known) (this.#map.getSource(id) as VectorTileSource).setTiles(addresses);
    else
      this.#map.addSource(id, {
        type,
        tiles: addresses,
        minzoom,
        maxzoom,
        ...(tileSize ? { tileSize } : {}),
        ...(bounds ? { bounds: [...bounds] as [number, number, number, number] } : {}),
      });
  }

  #setFeatures(id: string, data: FeatureCollection, known: boolean): void {
    // MapLibre's GeoJSON type has mutable arrays; it does not write to them.
    const geojson = data as unknown as GeoJSON.FeatureCollection;
    if (known) (this.#map.getSource(id) as GeoJSONSource).setData(geojson);
    else
      this.#map.addSource(id, {
        type: "geojson",
        data: geojson,
        promoteId: "code",
        // Borders that neighbours share must not be simplified apart.
        tolerance: 0,
      });
  }

  /** Brings a stack to what is wanted; a layer that stays is never taken out and put in again. */
  #setLayers(key: Key, wanted: readonly LayerSpecification[]): void {
    const known = this.#layers.get(key) ?? [];
    if (known === wanted) return;
    const after = new Map(wanted.map((layer) => [layer.id, layer]));
    const stays = known.filter(({ id }) => after.has(id));
    for (const { id } of known) if (!after.has(id)) this.#map.removeLayer(id);
    // From the top: each finds the one above it in its place.
    let above = anchorOf(key);
    let place = stays.length - 1;
    for (const layer of [...wanted].reverse()) {
      const before = stays.find(({ id }) => id === layer.id);
      if (!before) this.#add(layer, above);
      else {
        if (stays[place]?.id === layer.id) place--;
        else this.#map.moveLayer(layer.id, above);
        this.#update(before, layer);
      }
      above = layer.id;
    }
    this.#layers.set(key, wanted);
  }

  #add(layer: LayerSpecification, above: string): void {
    this.#map.addLayer(layer, above);
    if (this.#had.has(layer.id)) this.#again = true;
    this.#had.add(layer.id);
  }

  #update(from: LayerSpecification, to: LayerSpecification): void {
    if (from === to) return;
    const map = this.#map;
    const changed = (key: "paint" | "layout"): [string, unknown][] => {
      const before: Record<string, unknown> = { ...from[key] };
      const after: Record<string, unknown> = { ...to[key] };
      return [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
        .map((name) => [name, after[name]]);
    };
    for (const [name, value] of changed("paint")) map.setPaintProperty(to.id, name as never, value as never);
    for (const [name, value] of changed("layout")) map.setLayoutProperty(to.id, name as never, value as never);
    if ("filter" in to && JSON.stringify("filter" in from && from.filter) !== JSON.stringify(to.filter))
      map.setFilter(to.id, to.filter);
    if (from.minzoom !== to.minzoom || from.maxzoom !== to.maxzoom)
      map.setLayerZoomRange(to.id, to.minzoom ?? 0, to.maxzoom ?? 24);
  }
}
