import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import type { LonLat, MultiPolygonRings } from "../../../../data/model/geometry.ts";
import type { FieldShapeFragment } from "../../../gql/generated.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { FIELD_TEXTS } from "../texts.ts";
import { ownPart } from "./own-part.ts";
import { type PlaneView, phonePlane, viewOf, zoomedAt } from "./phone-plane.ts";

/** The drawing's own size; it scales with its box. */
const WIDTH = 360;
const HEIGHT = 225;
/** Narrowest and widest view, metres. */
const CLOSEST_M = 40;
const FARTHEST_M = 60_000;
const ZOOM = 1.7;
/** A finger that moved less taps. */
const TAP_PX = 9;
/** Part of the view that an arrow key moves the place by. */
const KEY_PART = 0.04;

export interface MapMark {
  readonly id: string;
  readonly place: LonLat;
  readonly late: boolean;
}

const ringsOf = ({ geometry }: FieldShapeFragment): MultiPolygonRings =>
  geometry.type === "MultiPolygon" ? geometry.coordinates : geometry.type === "Polygon" ? [geometry.coordinates] : [];

/**
 * Own area and its neighbours as plain SVG: a boundary with its code, cases, own position and, where one is to be chosen,
 * the place. A finger moves it, two zoom, a tap chooses.
 */
export function GridMap({
  own,
  neighbours,
  marks = [],
  place,
  position,
  onPick,
}: {
  own: FieldShapeFragment;
  neighbours: readonly FieldShapeFragment[];
  marks?: readonly MapMark[];
  place?: LonLat | undefined;
  position?: LonLat | undefined;
  onPick?: (place: LonLat) => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const svg = useRef<SVGSVGElement>(null);
  const fingers = useRef(new Map<number, readonly [number, number]>());
  const moved = useRef(false);
  const drawn = useMemo(() => {
    const plane = phonePlane([own.label[0] ?? 0, own.label[1] ?? 0]);
    const rings = (shape: FieldShapeFragment) => ringsOf(shape).flat();
    const path = (shape: FieldShapeFragment): string =>
      rings(shape)
        .map(
          (ring) =>
            `M${ring
              .map((at) =>
                plane
                  .toXy(at)
                  .map((v) => v.toFixed(1))
                  .join(" "),
              )
              .join("L")}Z`,
        )
        .join("");
    const points = rings(own).flatMap((ring) => ring.map(plane.toXy));
    return {
      plane,
      whole: viewOf(points, WIDTH, HEIGHT),
      own: path(own),
      others: neighbours.map((shape) => ({
        code: shape.code,
        name: shape.name,
        label: shape.label,
        path: path(shape),
      })),
    };
  }, [own, neighbours]);
  const [view, setView] = useState<PlaneView>();
  const { plane, whole } = drawn;
  const { x, y, width } = view ?? whole;
  const height = (width * HEIGHT) / WIDTH;
  /** Metres a unit of the drawing. */
  const unit = width / WIDTH;

  const change = (next: PlaneView): void =>
    setView({ ...next, width: Math.min(FARTHEST_M, Math.max(CLOSEST_M, next.width)) });
  const at = (event: PointerEvent): readonly [number, number] => {
    const bounds = svg.current?.getBoundingClientRect();
    if (!bounds) return [x, y];
    // The drawing is centred in its box (xMidYMid meet).
    const scale = Math.max(width / bounds.width, height / bounds.height);
    return [
      x + (event.clientX - bounds.left - bounds.width / 2) * scale,
      y + (event.clientY - bounds.top - bounds.height / 2) * scale,
    ];
  };
  const onDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    if (fingers.current.size === 0) moved.current = false;
    fingers.current.set(event.pointerId, [event.clientX, event.clientY]);
  };
  const onMove = (event: PointerEvent): void => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now: readonly [number, number] = [event.clientX, event.clientY];
    const bounds = svg.current?.getBoundingClientRect();
    const scale = bounds ? Math.max(width / bounds.width, height / bounds.height) : unit;
    const others = [...fingers.current].filter(([id]) => id !== event.pointerId).map(([, where]) => where);
    const [other] = others;
    if (!moved.current && Math.hypot(now[0] - before[0], now[1] - before[1]) < TAP_PX && !other) return;
    moved.current = true;
    fingers.current.set(event.pointerId, now);
    if (other) {
      const length = (a: readonly [number, number]) => Math.max(20, Math.hypot(a[0] - other[0], a[1] - other[1]));
      change(zoomedAt({ x, y, width }, length(now) / length(before), at(event)));
    } else change({ x: x - (now[0] - before[0]) * scale, y: y - (now[1] - before[1]) * scale, width });
  };
  const onUp = (event: PointerEvent): void => {
    const tapped = fingers.current.delete(event.pointerId) && fingers.current.size === 0 && !moved.current;
    if (tapped && onPick && event.type === "pointerup") onPick(plane.toLonLat(...at(event)));
  };
  const zoom = (factor: number): void => change(zoomedAt({ x, y, width }, factor, place ? plane.toXy(place) : [x, y]));
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "+" || event.key === "=") zoom(ZOOM);
    else if (event.key === "-") zoom(1 / ZOOM);
    else {
      const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
      if (dx === undefined || dy === undefined) return;
      const step = width * KEY_PART;
      if (onPick) {
        const [px, py] = place ? plane.toXy(place) : [x, y];
        onPick(plane.toLonLat(px + dx * step, py + dy * step));
      } else change({ x: x + dx * step, y: y + dy * step, width });
    }
    event.preventDefault();
  };
  const spot = (where: LonLat) => {
    const [cx, cy] = plane.toXy(where);
    return { cx, cy };
  };
  const textAt = ([tx, ty]: readonly [number, number]) => ({ x: tx, y: ty });
  const pin = place && plane.toXy(place);
  return (
    <div className="grid-map">
      {/* biome-ignore lint/a11y/useSemanticElements: a map is moved and tapped; no element of HTML is one */}
      <svg
        ref={svg}
        viewBox={`${x - width / 2} ${y - height / 2} ${width} ${height}`}
        role="group"
        aria-label={onPick ? t.mapPick : t.map}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: moved and, where a place is chosen, aimed by keyboard
        tabIndex={0}
        onKeyDown={onKey}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
      >
        {drawn.others.map(({ code, path }) => (
          <path key={code} d={path} className="map-other" strokeWidth={unit} />
        ))}
        <path d={drawn.own} className="map-own" strokeWidth={unit * 2.5} />
        {drawn.others.map(({ code, name, label }) => {
          const [cx, cy] = plane.toXy([label[0] ?? 0, label[1] ?? 0]);
          return (
            <text key={code} x={cx} y={cy} fontSize={unit * 11} strokeWidth={unit * 3} className="map-name">
              {ownPart(name, own.name)}
            </text>
          );
        })}
        <text
          {...textAt(plane.toXy([own.label[0] ?? 0, own.label[1] ?? 0]))}
          fontSize={unit * 12}
          strokeWidth={unit * 3}
          className="map-code"
        >
          {own.code}
        </text>
        {marks.map(({ id, place: where, late }) => (
          <circle
            key={id}
            {...spot(where)}
            r={unit * 5}
            strokeWidth={unit * 1.5}
            className="map-case"
            data-late={late}
          />
        ))}
        {position && <circle {...spot(position)} r={unit * 7} strokeWidth={unit * 3} className="map-position" />}
        {pin && (
          <path
            className="map-pin"
            strokeWidth={unit * 1.5}
            d={`M${pin[0]} ${pin[1]}l${-9 * unit} ${-16 * unit}a${10.5 * unit} ${10.5 * unit} 0 1 1 ${18 * unit} 0Z`}
          />
        )}
      </svg>
      <div className="map-zoom">
        <button type="button" className="button" aria-label={t.zoomIn} onClick={() => zoom(ZOOM)}>
          +
        </button>
        <button type="button" className="button" aria-label={t.zoomOut} onClick={() => zoom(1 / ZOOM)}>
          −
        </button>
      </div>
    </div>
  );
}
