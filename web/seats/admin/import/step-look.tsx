import type { AreaFeature } from "../../../data/county-data.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { EmptyNote } from "../../../ui/notes.tsx";
import { LayerFault } from "./layer-fault.tsx";
import { LayerMap } from "./layer-map.tsx";
import { IMPORT_TEXTS } from "./texts.ts";
import { chosenPlacement, type PreviewLayer } from "./use-preview.ts";

/** The layer on the county's map and its first rows. */
export function StepLook({ layer, areas, crs }: { layer: PreviewLayer; areas: readonly AreaFeature[]; crs: string }) {
  const t = useTexts(IMPORT_TEXTS);
  const placement = chosenPlacement(layer, crs);
  return (
    <div className="import-step import-split">
      <div className="import-part">
        {layer.error && <LayerFault fault={layer.error} />}
        <p className="tone-muted">
          {layer.format} · {layer.file} · {fill(layer.whole ? t.seen : t.seenPart, { count: layer.seen })}
        </p>
        {layer.rows.length === 0 ? (
          <EmptyNote title={t.noRows} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          <section className="import-scroll" aria-label={fill(t.rows, { count: layer.rows.length })} tabIndex={0}>
            <table className="data-table" data-testid="import-rows">
              <caption>{fill(t.rows, { count: layer.rows.length })}</caption>
              <thead>
                <tr>
                  <th scope="col">#</th>
                  {layer.columns.map(({ name }) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {layer.rows.map((row, index) => (
                  <tr key={layer.numbers[index]}>
                    <th scope="row">{layer.numbers[index]}</th>
                    {layer.columns.map(({ name }, column) => (
                      <td key={name}>{row[column]}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </div>
      <div className="import-part">
        {placement ? <LayerMap areas={areas} shapes={placement} /> : <EmptyNote title={t.noPlace} />}
      </div>
    </div>
  );
}
