import { useEffect, useRef } from "react";
import type { LonLat } from "../../../data/model/geometry.ts";
import { useMarkedCases } from "../../app/marked-cases.ts";
import { usePlane } from "../../plane/use-plane.ts";
import type { MapEngine } from "../map-engine.ts";
import { prefersReducedMotion } from "../motion.ts";
import type { MapPalette } from "../palette.ts";
import { FLASH_MS, type Flash, flashRing, NewCases, withFlashes } from "./flashes.ts";

/** Radius of a flash and of an alarm's mark, CSS pixels at scale 1. */
const FLASH_PX = 46;
const MARK_PX = 19;
/** Flashes are drawn at most this often, ms: the eye needs no more, and an 8K wall has other work. */
const FRAME_MS = 33;
/** Rings are soft anyway: the canvas is at most this wide, pixels. */
const MAX_WIDTH = 2048;

interface Props {
  readonly engine: MapEngine;
  readonly palette: MapPalette;
  readonly scale: number;
}

/** Marks of waiting alarms and flashes of new cases, over the map. */
export function FlashCanvas({ engine, palette, scale }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const board = canvas.current;
    const context = board?.getContext("2d");
    if (!board || !context) return;
    let flashes: Flash[] = [];
    let news: NewCases | undefined;
    let frame: number | undefined;
    let drawnAt = 0;

    const ring = (at: LonLat, radius: number, colour: string, width: number, alpha: number): void => {
      const { x, y } = engine.map.project([at[0], at[1]]);
      context.globalAlpha = alpha;
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    };
    const draw = (): void => {
      const { places } = useMarkedCases.getState();
      const now = performance.now();
      drawnAt = now;
      flashes = flashes.filter(({ startMs }) => now - startMs < FLASH_MS);
      const { clientWidth, clientHeight } = engine.element;
      const wanted = places.length + flashes.length > 0;
      const ratio = Math.min(1, MAX_WIDTH / Math.max(1, clientWidth));
      // No pixels are held while there is nothing to show.
      const [width, height] = wanted ? [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)] : [0, 0];
      if (board.width !== width || board.height !== height) [board.width, board.height] = [width, height];
      if (!wanted) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, clientWidth, clientHeight);
      for (const at of places) {
        ring(at, MARK_PX * scale, palette.halo, 6 * scale, 0.8);
        ring(at, MARK_PX * scale, palette.status.late, 3 * scale, 1);
        ring(at, (MARK_PX + 5) * scale, palette.status.late, 1.4 * scale, 1);
      }
      const still = prefersReducedMotion();
      for (const { at, severe, startMs } of flashes) {
        const shown = flashRing(now - startMs, still);
        const colour = severe ? palette.status.late : palette.accent;
        if (shown) ring(at, FLASH_PX * scale * shown.size, colour, 4 * scale, shown.alpha);
      }
      context.globalAlpha = 1;
      if (still && flashes.length) later(FLASH_MS);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(draw, ms);
    };
    const animate = (): void => {
      frame = undefined;
      if (performance.now() - drawnAt >= FRAME_MS) draw();
      if (flashes.length && !prefersReducedMotion()) frame = requestAnimationFrame(animate);
    };
    const stops = [
      useMarkedCases.subscribe(draw),
      usePlane.subscribe(({ columns, changed, status, more, county }, before) => {
        if (county !== before.county) news = undefined;
        if (!columns || columns === before.columns) return;
        // What was there when the page had everything is not new.
        if (!news) {
          if (status === "ready" && !more) news = new NewCases(columns.asOf);
          return;
        }
        const now = performance.now();
        const fresh = changed ? news.find(columns, changed, now) : [];
        if (!fresh.length) return;
        flashes = withFlashes(flashes, fresh, now);
        draw();
        if (!prefersReducedMotion()) frame ??= requestAnimationFrame(animate);
      }),
    ];
    const { columns, status, more } = usePlane.getState();
    if (columns && status === "ready" && !more) news = new NewCases(columns.asOf);
    engine.map.on("move", draw);
    engine.map.on("resize", draw);
    draw();
    return () => {
      for (const stop of stops) stop();
      engine.map.off("move", draw);
      engine.map.off("resize", draw);
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [engine, palette, scale]);
  return <canvas ref={canvas} className="flash-canvas" width={0} height={0} data-testid="flashes" />;
}
