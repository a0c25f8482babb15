import { useView } from "../app/view-state.ts";
import { orderedLayers } from "../layers/registry.ts";
import { useTexts } from "../layers/use-texts.ts";
import { useMapState } from "./map-state.ts";
import { MAP_TEXTS } from "./texts.ts";

/** Explains what is on the map now: the layers that are on, at this zoom, in this area. */
export function Legend() {
  const t = useTexts(MAP_TEXTS);
  const language = useView((view) => view.language);
  const scene = useMapState((map) => map.scene);
  if (!scene) return null;
  const entries = [...orderedLayers()]
    .reverse()
    .filter(({ id, Legend: Entry }) => Entry && scene.view.layers.includes(id));
  return (
    <section className="map-panel map-legend" aria-label={t.legend}>
      {entries.map(({ id, texts, Legend: Entry }) => (
        <div key={id} className="legend-entry" data-layer={id}>
          <h3>{texts[language].name}</h3>
          {Entry ? <Entry scene={scene} /> : null}
        </div>
      ))}
    </section>
  );
}
