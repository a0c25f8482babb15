import "./legend.css";
import { useId } from "react";
import { type LayerId, useView } from "../app/view-state.ts";
import { orderedLayers } from "../layers/registry.ts";
import { useTexts } from "../layers/use-texts.ts";
import { useMapState } from "./map-state.ts";
import type { Scene } from "./scene.ts";
import { MAP_TEXTS } from "./texts.ts";
import { useLegendOpen } from "./use-legend-open.ts";

/** On the wall lines and ground explain themselves from afar: the band keeps to one row or two. */
const SILENT_ON_WALL: readonly LayerId[] = ["outlines", "context"];

function Entries({ scene }: { readonly scene: Scene }) {
  const language = useView((view) => view.language);
  return [...orderedLayers()].reverse().map(({ id, texts, Legend: Entry }) =>
    Entry && scene.view.layers.includes(id) && !(scene.seat === "wall" && SILENT_ON_WALL.includes(id)) ? (
      <div key={id} className="legend-entry" data-layer={id}>
        <h3>{texts[language].name}</h3>
        <Entry scene={scene} />
      </div>
    ) : null,
  );
}

/**
 * Explains what is on the map now: the layers that are on, at this zoom, in this area. A band on the wall, where nobody
 * can unfold anything; a panel that folds away elsewhere.
 */
export function Legend() {
  const t = useTexts(MAP_TEXTS);
  const scene = useMapState((map) => map.scene);
  const [open, setOpen] = useLegendOpen();
  const content = useId();
  if (!scene) return null;
  if (scene.seat === "wall")
    return (
      <section className="map-panel map-legend" data-seat="wall" aria-label={t.legend}>
        <Entries scene={scene} />
      </section>
    );
  return (
    <section className="map-panel map-legend" data-seat="desk" data-open={open} aria-label={t.legend}>
      <button
        type="button"
        className="legend-fold"
        aria-expanded={open}
        aria-controls={content}
        onClick={() => setOpen(!open)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 6l5 5 5-5" />
        </svg>
        {t.legend}
      </button>
      <div id={content} className="legend-entries" hidden={!open}>
        {open ? <Entries scene={scene} /> : null}
      </div>
    </section>
  );
}
