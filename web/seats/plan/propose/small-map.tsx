import { useEffect, useRef } from "react";
import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";
import { bboxOf } from "../../../../data/geo/measure.ts";
import { useMapState } from "../../../map/map-state.ts";
import { colourOfGrid } from "./grid-colours.ts";

/** CSS pixels of the picture. */
const [WIDTH, HEIGHT] = [140, 126];

/** A division in small: units in the colours that their grids have on the map, those that move outlined. */
export function SmallMap({ units, part, label }: { units: PlanUnits; part: Int32Array; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = useMapState((map) => map.scene?.palette);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const box = bboxOf(units.grounds.flat());
    if (!context || !box || !palette) return;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    const [west, south, east, north] = box;
    const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
    const scale = Math.min((WIDTH - 6) / ((east - west) * narrow), (HEIGHT - 6) / (north - south));
    const [left, top] = [(WIDTH - (east - west) * narrow * scale) / 2, (HEIGHT - (north - south) * scale) / 2];
    const colour = colourOfGrid(units, palette.units.length);
    const trace = (unit: number): void => {
      context.beginPath();
      for (const ring of units.grounds[unit]?.flat() ?? []) {
        ring.forEach(([lon, lat], n) => {
          const [x, y] = [left + (lon - west) * narrow * scale, top + (north - lat) * scale];
          if (n === 0) context.moveTo(x, y);
          else context.lineTo(x, y);
        });
        context.closePath();
      }
    };
    part.forEach((grid, unit) => {
      trace(unit);
      const fill = palette.units[colour(grid)] ?? palette.accent;
      // The same stroke closes the hair between neighbours of one grid.
      context.fillStyle = fill;
      context.strokeStyle = fill;
      context.lineWidth = 0.7;
      context.fill("evenodd");
      context.stroke();
    });
    context.strokeStyle = palette.text;
    context.lineWidth = 1;
    part.forEach((grid, unit) => {
      if (grid === units.graph.current?.[unit]) return;
      trace(unit);
      context.stroke();
    });
  }, [units, part, palette]);
  const ratio = window.devicePixelRatio || 1;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={WIDTH * ratio}
      height={HEIGHT * ratio}
      style={{ width: WIDTH, height: HEIGHT }}
    />
  );
}
