import { useView } from "../app/view-state.ts";
import { useCountyData } from "../data/county-store.ts";
import { switchedLayers } from "../layers/registry.ts";
import { useTexts } from "../layers/use-texts.ts";
import { MAP_TEXTS } from "./texts.ts";

/** One switch per layer, topmost first, with the layer's own choices below it. Area fills switch each other off. */
export function LayerSwitcher() {
  const t = useTexts(MAP_TEXTS);
  const language = useView((view) => view.language);
  const shown = useView((view) => view.layers);
  const area = useView((view) => view.area);
  const hasMap = useCountyData((county) => !!county.basemap);
  const toggle = useView((view) => view.toggleLayer);
  return (
    <section className="map-panel layer-switcher" aria-label={t.layers}>
      <h2>{t.layers}</h2>
      <ul>
        {[...switchedLayers(area, hasMap)].reverse().map(({ id, texts, Controls }) => (
          <li key={id}>
            <button
              type="button"
              role="switch"
              aria-checked={shown.includes(id === "published" ? "incidents" : id)}
              title={texts[language].hint}
              onClick={() => toggle(id === "published" ? "incidents" : id)}
            >
              <i aria-hidden="true" />
              {texts[language].name}
            </button>
            {Controls && shown.includes(id) ? <Controls /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
