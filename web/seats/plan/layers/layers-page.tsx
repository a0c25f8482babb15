import { useMemo, useState } from "react";
import { useCountyInfo } from "../../../app/county-info.ts";
import { Link } from "../../../app/router.tsx";
import { useCountyLoading } from "../../../app/scene.ts";
import { formatView } from "../../../app/url-state.ts";
import { useView } from "../../../app/view-state.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { GridLayerAreasDocument, GridLayersDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Breadcrumb } from "../../../ui/breadcrumb.tsx";
import { CountySelect, LanguageButton, ThemeButton } from "../../../ui/choices.tsx";
import { ConnectionBanner } from "../../../ui/connection.tsx";
import { useFormat } from "../../../ui/format.ts";
import { DemoMark } from "../../../ui/marks.tsx";
import { ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { ViewerMenu } from "../../../ui/viewer-menu.tsx";
import { ConflictList, type LayerConflictLine, MappingTable } from "./layer-lists.tsx";
import { LayerMap, type OverShape } from "./layer-map.tsx";
import { LAYER_TEXTS } from "./texts.ts";
import "../plan.css";
import "./layers.css";

/** Layers of grids over base grids: where they differ, which is which, and merging them. */
export function LayersPage() {
  const t = useTexts(LAYER_TEXTS);
  const format = useFormat();
  useCountyLoading();
  useCountyInfo();
  const view = useView();
  const areas = useCountyData((data) => data.areas);
  const [chosenId, setChosenId] = useState<string>();
  const [picked, setPicked] = useState<{ grids: string[]; shapes: string[] }>({ grids: [], shapes: [] });
  const { data, error, retry } = useQuery(GridLayersDocument, view.county ? { county: view.county } : undefined);
  const layers = data?.gridLayers ?? [];
  const one = layers.find(({ id }) => id === chosenId) ?? (layers.length === 1 ? layers[0] : undefined);
  const detail = useQuery(GridLayerAreasDocument, one ? { id: one.id } : undefined);
  const inside = view.area || view.county;
  const grids = useMemo(() => {
    const here = areas.filter(
      ({ code, level }) => code.startsWith(inside) && (level === "grid" || level === "community"),
    );
    const holding = new Set(here.flatMap(({ code, level }) => (level === "grid" ? [code.slice(0, 12)] : [])));
    return here.filter(({ code, level }) => level === "grid" || !holding.has(code));
  }, [areas, inside]);
  const shown = one ? [one] : layers;
  const isHere = ({ grid, layerAreas }: LayerConflictLine): boolean =>
    grid ? grid.code.startsWith(inside) : layerAreas.some(({ id }) => hereShapes.has(id));
  const shapes = useMemo(
    () =>
      (detail.data?.gridLayer.areas.nodes ?? []).flatMap(({ id, name, geometry, mergedAt, parts }): OverShape[] =>
        geometry.type === "MultiPolygon" && parts.some(({ grid }) => grid?.code.startsWith(inside))
          ? [{ id, name, polygons: geometry.coordinates, merged: mergedAt !== null }]
          : [],
      ),
    [detail.data, inside],
  );
  const hereShapes = new Set(shapes.map(({ id }) => id));
  const differing = new Map<string, number>();
  for (const layer of shown)
    for (const code of new Set(layer.conflicts.nodes.flatMap(({ grid }) => (grid ? [grid.code] : []))))
      differing.set(code, (differing.get(code) ?? 0) + 1);
  const told = detail.data?.gridLayer;
  const again = (): void => {
    retry();
    detail.retry();
  };
  return (
    <div className="plan">
      <header className="plan-head">
        <h1>{t.title}</h1>
        <Breadcrumb />
        <span className="plan-head-room" />
        <DemoMark />
        <CountySelect />
        <LanguageButton />
        <ThemeButton />
        <Link className="button" to={`/plan${formatView({ ...view, plan: undefined })}`}>
          {t.back}
        </Link>
        <ViewerMenu />
      </header>
      <ConnectionBanner />
      {error && <ErrorNote error={error} retry={retry} />}
      {!data && !error && <Skeleton />}
      {data && layers.length === 0 && <p className="layer-none">{t.none}</p>}
      {layers.length > 0 && (
        <main className="layer-page">
          <div className="layer-left">
            <fieldset className="plan-choices">
              <legend>{t.choose}</legend>
              {layers.length > 1 && (
                <button
                  type="button"
                  className="button"
                  aria-pressed={!one}
                  onClick={() => {
                    setChosenId(undefined);
                    setPicked({ grids: [], shapes: [] });
                  }}
                >
                  {t.all}
                </button>
              )}
              {layers.map((layer) => (
                <button
                  key={layer.id}
                  type="button"
                  className="button"
                  aria-pressed={layer.id === one?.id}
                  onClick={() => {
                    setChosenId(layer.id);
                    setPicked({ grids: [], shapes: [] });
                  }}
                >
                  {layer.name} <span className="plan-mark">{t.kinds[layer.kind]}</span>
                </button>
              ))}
            </fieldset>
            {one && (
              <small className="tone-muted">
                {fill(t.source, {
                  source: one.source,
                  imported: format.instant(Date.parse(one.importedAt) / 1000),
                  mapped: one.mappedAt ? format.instant(Date.parse(one.mappedAt) / 1000) : "—",
                })}
              </small>
            )}
            <LayerMap
              grids={grids}
              over={one ? shapes : []}
              differing={differing}
              chosen={picked}
              onChoose={(code) => setPicked({ grids: [code], shapes: [] })}
            />
            <ul className="layer-legend">
              <li data-sign="base">{t.legendBase}</li>
              {one && <li data-sign="over">{t.legendLayer}</li>}
              <li data-sign="conflict">{t.legendConflict}</li>
            </ul>
          </div>
          <div className="layer-right">
            <ConflictList
              layers={shown}
              inside={isHere}
              onPick={({ grid, layerAreas }) =>
                setPicked({ grids: grid ? [grid.code] : [], shapes: layerAreas.map(({ id }) => id) })
              }
            />
            {one && told && told.id === one.id && <MappingTable layer={told} again={again} />}
          </div>
        </main>
      )}
    </div>
  );
}
