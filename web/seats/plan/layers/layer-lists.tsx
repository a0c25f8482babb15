import { mayDo } from "../../../app/viewer.ts";
import type { GridLayerAreasQuery, GridLayersQuery } from "../../../gql/generated.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { MergeForm } from "./merge-form.tsx";
import { LAYER_TEXTS } from "./texts.ts";

export type LayerLine = GridLayersQuery["gridLayers"][number];
export type LayerConflictLine = LayerLine["conflicts"]["nodes"][number];
export type LayerDetail = GridLayerAreasQuery["gridLayer"];

/** Conflicts that a list shows at once. */
const SHOWN = 200;

export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;

/** The conflict list; a click shows the place. */
export function ConflictList({
  layers,
  inside,
  onPick,
}: {
  readonly layers: readonly LayerLine[];
  readonly inside: (conflict: LayerConflictLine) => boolean;
  readonly onPick: (conflict: LayerConflictLine) => void;
}) {
  const t = useTexts(LAYER_TEXTS);
  const rows = layers.flatMap((layer) => layer.conflicts.nodes.filter(inside).map((conflict) => ({ layer, conflict })));
  return (
    <section aria-label={t.conflicts}>
      <h2>
        {t.conflicts} <span className="plan-mark">{rows.length}</span>
      </h2>
      {rows.length === 0 && <p className="tone-muted">{t.noConflicts}</p>}
      <ul className="layer-conflicts">
        {rows.slice(0, SHOWN).map(({ layer, conflict }) => (
          <li key={`${layer.id} ${conflict.kind} ${conflict.grid?.code} ${conflict.layerAreas[0]?.id}`}>
            <button type="button" className="button" onClick={() => onPick(conflict)}>
              <span>
                <b>{t.conflictKinds[conflict.kind]}</b> {percent(conflict.share)}
                {layers.length > 1 && <span className="plan-mark">{layer.name}</span>}
              </span>
              <small className="tone-muted">
                {[conflict.grid?.name, conflict.layerAreas.map(({ name }) => name).join("、")]
                  .filter(Boolean)
                  .join(" ← ")}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && <p className="tone-muted">{fill(t.more, { shown: SHOWN, count: rows.length })}</p>}
    </section>
  );
}

/** Which grid of the layer lies in which base grid, and merging. */
export function MappingTable({ layer, again }: { readonly layer: LayerDetail; readonly again: () => void }) {
  const t = useTexts(LAYER_TEXTS);
  const format = useFormat();
  const open = layer.areas.nodes.filter(({ mergedAt }) => mergedAt === null);
  const may = mayDo("plan");
  return (
    <section aria-label={t.mapping}>
      <h2>{t.mapping}</h2>
      <table className="layer-table">
        <thead>
          <tr>
            <th scope="col">{t.layerGrid}</th>
            <th scope="col">{t.baseGrid}</th>
            <th scope="col">{t.ofLayer}</th>
            <th scope="col">{t.ofBase}</th>
            <th scope="col">{t.households}</th>
            <th scope="col">{t.main}</th>
          </tr>
        </thead>
        {layer.areas.nodes.map((area) => (
          <tbody key={area.id}>
            {(area.parts.length > 0 ? area.parts : [undefined]).map((part, n) => (
              <tr key={part?.grid?.code ?? "none"}>
                {n === 0 && (
                  <th scope="rowgroup" rowSpan={Math.max(1, area.parts.length)}>
                    {area.name}
                    <small className="tone-muted">
                      {area.code}
                      {area.unit ? ` · ${area.unit}` : ""}
                    </small>
                    {area.mergedAt !== null && <span className="plan-mark">{t.merged}</span>}
                    {may && area.mergedAt === null && area.parts.length > 0 && (
                      <MergeForm
                        layer={layer.id}
                        areas={[area.id]}
                        what={fill(t.mergeOne, { name: area.name })}
                        done={again}
                      />
                    )}
                  </th>
                )}
                <td>{part?.grid?.name ?? "—"}</td>
                <td>{part ? percent(part.shareOfLayerArea) : "—"}</td>
                <td>{part ? percent(part.shareOfGrid) : "—"}</td>
                <td>{part?.households == null ? "—" : `${part.householdsExact ? "" : "≈"}${part.households}`}</td>
                <td title={part?.main ? t.mainHint : undefined}>{part?.main ? "✓" : ""}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {may && open.length > 1 && (
        <MergeForm
          layer={layer.id}
          areas={open.filter(({ parts }) => parts.length > 0).map(({ id }) => id)}
          what={fill(t.mergeAll, { count: open.length })}
          done={again}
        />
      )}
      {(layer.merges?.length ?? 0) > 0 && (
        <>
          <h2>{t.merges}</h2>
          <ul className="layer-merges">
            {layer.merges?.map(({ id, fromCode, fromName, toCode, share, at, author, reason }) => (
              <li key={id}>
                <b>{fill(t.record, { from: `${fromName} ${fromCode}`, to: toCode, share: percent(share) })}</b>
                <small className="tone-muted">
                  {fill(t.by, { author, at: format.instant(Date.parse(at) / 1000), reason })}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
