import { type KeyboardEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { codePath } from "../../../data/model/codes.ts";
import type { AreaFeature } from "../../data/county-data.ts";
import { svgProjection } from "../../map/svg-projection.ts";

interface Props {
  readonly areas: readonly AreaFeature[];
  /** Code that is chosen; the map shows what lies inside it. */
  readonly value: string;
  readonly onChange: (code: string) => void;
  /** Figure to write on an area: grants on it and on everything inside. */
  readonly figure?: (code: string) => number;
  readonly label: string;
}

const WIDTH = 640;

/** A map to choose an area on: each click goes one level deeper, the path above it leads back. */
export function AreaPicker({ areas, value, onChange, figure, label }: Props) {
  const { t } = useTranslation();
  const byCode = useMemo(() => new Map(areas.map((area) => [area.code, area])), [areas]);
  const chosen = byCode.get(value) ?? areas[0];
  const children = useMemo(() => {
    if (!chosen) return [];
    const inside = areas.filter(({ code }) => codePath(code).at(-2) === chosen.code);
    return inside.length > 0 ? inside : [chosen];
  }, [areas, chosen]);
  const drawing = useMemo(() => {
    const project = chosen && svgProjection(chosen.geometry.coordinates, WIDTH);
    if (!project) return undefined;
    const shapes = children.map((area) => ({
      area,
      path: project.path(area.geometry.coordinates),
      at: project.point(area.label[0], area.label[1]),
    }));
    return { height: project.height, outline: project.path(chosen.geometry.coordinates), shapes };
  }, [chosen, children]);
  if (!chosen || !drawing) return <p className="tone-muted">{t("admin.map.none")}</p>;
  const onKey = (event: KeyboardEvent, code: string): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChange(code);
  };
  return (
    <div className="area-picker">
      <nav aria-label={label}>
        {codePath(chosen.code).map((code) => (
          <button
            key={code}
            type="button"
            className="link"
            aria-current={code === chosen.code ? "location" : undefined}
            onClick={() => onChange(code)}
          >
            {byCode.get(code)?.name ?? code}
          </button>
        ))}
        <code>{chosen.code}</code>
      </nav>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of shapes; a fieldset cannot stand inside SVG */}
      <svg viewBox={`-6 -6 ${WIDTH + 12} ${drawing.height + 12}`} role="group" aria-label={label}>
        <path className="ground" d={drawing.outline} />
        {drawing.shapes.map(({ area, path, at: [x, y] }) => {
          const count = figure?.(area.code) ?? 0;
          const named = drawing.shapes.length <= 40;
          return (
            // biome-ignore lint/a11y/useSemanticElements: an SVG shape cannot be a <button>
            <g
              key={area.code}
              role="button"
              tabIndex={0}
              aria-label={count > 0 ? t("admin.map.granted", { name: area.name, count }) : area.name}
              data-code={area.code}
              data-granted={count > 0 || undefined}
              data-chosen={area.code === value || undefined}
              onClick={() => onChange(area.code)}
              onKeyDown={(event) => onKey(event, area.code)}
            >
              <title>{area.name}</title>
              <path d={path} />
              {named && (
                <text x={x} y={y}>
                  {area.name}
                  {count > 0 ? ` ${count}` : ""}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
