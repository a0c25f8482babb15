import { useEffect, useState } from "react";
import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import { BoundaryShapeDocument } from "../../gql/generated.ts";
import { request } from "../../gql/request.ts";
import { useTexts } from "../../layers/use-texts.ts";
import { svgProjection } from "../../map/svg-projection.ts";
import type { BoundaryChange } from "./changes.ts";
import { BOUNDARY_TEXTS } from "./texts.ts";

const WIDTH = 400;
/** More shapes than this are a list's work, no sketch's. */
const MOST = 40;

type Shapes = Readonly<Record<"before" | "after", readonly MultiPolygonRings[]>>;

async function shapesOf({ at, lines }: BoundaryChange): Promise<Shapes> {
  const read = async (codes: readonly string[], instant: string): Promise<MultiPolygonRings[]> =>
    Promise.all(
      [...new Set(codes)].slice(0, MOST).map(async (code) => {
        const { area } = await request(BoundaryShapeDocument, { code, at: instant });
        return area?.geometry.type === "MultiPolygon" ? area.geometry.coordinates : [];
      }),
    );
  const [before, after] = await Promise.all([
    read(
      lines.map(({ fromCode }) => fromCode),
      new Date(Date.parse(at) - 1).toISOString(),
    ),
    read(
      lines.map(({ toCode }) => toCode),
      at,
    ),
  ]);
  return { before, after };
}

/** Old borders dashed, new ones drawn through. */
export function BoundaryMap({ change }: { readonly change: BoundaryChange }) {
  const t = useTexts(BOUNDARY_TEXTS);
  const [shapes, setShapes] = useState<Shapes>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change is told by its instant
  useEffect(() => {
    let stopped = false;
    shapesOf(change).then(
      (found) => {
        if (!stopped) setShapes(found);
      },
      // The list beside it says all of it in words.
      () => undefined,
    );
    return () => {
      stopped = true;
    };
  }, [change.at]);
  const project = shapes && svgProjection([...shapes.before, ...shapes.after].flat(), WIDTH);
  if (!shapes || !project) return null;
  return (
    <figure className="boundary-map">
      <svg viewBox={`-6 -6 ${WIDTH + 12} ${project.height + 12}`} role="img" aria-label={t.map}>
        {(["after", "before"] as const).map((which) => (
          <path key={which} data-which={which} d={shapes[which].map(project.path).join("")} />
        ))}
      </svg>
      <figcaption>
        <span data-which="before">{t.before}</span> <span data-which="after">{t.after}</span>
      </figcaption>
    </figure>
  );
}
