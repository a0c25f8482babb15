import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { useMapState } from "../../../map/map-state.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { hover, setSketch, showSnap, useEditor } from "../state/editor.ts";
import { IDLE_TOOL, type Mode, type ModeId } from "./mode.ts";
import { latticeOf, snapped } from "./place.ts";
import { gridAt } from "./select.mode.ts";

export interface LineMode {
  readonly id: ModeId;
  readonly key: string;
  /** A ring (lasso) or a line from end to end. */
  readonly closed: boolean;
  /** Whether places are drawn to borders and roads while points are clicked. */
  readonly snaps: boolean;
  /** What a click means while nothing is drawn: choosing the grid that receives, for a start. True = it meant something. */
  readonly onFirstClick?: (point: ToolPoint) => boolean;
  /** The line is drawn; on a screen of so many metres to a CSS pixel. */
  readonly onDone: (points: readonly LatticePoint[], metresPerPixel: number) => void;
  /** Looked at with each change, e.g. to measure it. */
  readonly onChange?: (points: readonly LatticePoint[]) => void;
  /** Whether a plan that is only looked at may be drawn on with it. */
  readonly harmless?: boolean;
}

/** A hand's points closer than this to the last one are left out, CSS pixels. */
const STEP_PX = 3;

/**
 * A way to draw a line: click by click (double click or Enter ends it, Backspace takes a point back), or in one go with
 * the button, finger or pen held down.
 */
export function lineMode({ id, key, closed, snaps, onFirstClick, onDone, onChange, harmless }: LineMode): Mode {
  let points: LatticePoint[] = [];
  /** Drawn in one go: the last place on screen, CSS pixels. */
  let stroke: { x: number; y: number; readonly from: number } | undefined;

  const show = (next: LatticePoint | undefined): void => {
    setSketch(points.length ? { points: [...points], next, closed } : undefined);
    onChange?.(next ? [...points, next] : points);
  };
  const clear = (): void => {
    points = [];
    stroke = undefined;
    setSketch(undefined);
    showSnap(undefined);
  };
  const finish = (): boolean => {
    const least = closed ? 3 : 2;
    if (points.length < least) return false;
    const drawn = points;
    clear();
    onDone(drawn, useMapState.getState().metresPerPixel);
    return true;
  };
  const place = (point: ToolPoint): LatticePoint => {
    if (!snaps) return latticeOf(point);
    const { at, snap } = snapped(point);
    showSnap(snap);
    return at;
  };
  const add = (at: LatticePoint): void => {
    const last = points[points.length - 1];
    if (last?.[0] !== at[0] || last[1] !== at[1]) points.push(at);
  };

  return {
    id,
    key,
    tool: {
      ...IDLE_TOOL,
      cursor: "crosshair",
      down: (point) => {
        if (!harmless && !useEditor.getState().mayDraw) return false;
        stroke = { x: point.x, y: point.y, from: points.length };
        add(place(point));
        return true;
      },
      move: (point) => {
        if (!stroke) {
          if (points.length) show(place(point));
          else {
            if (snaps) place(point);
            hover(gridAt(point));
          }
          return;
        }
        if (Math.hypot(point.x - stroke.x, point.y - stroke.y) < STEP_PX) return;
        stroke.x = point.x;
        stroke.y = point.y;
        // A line in one go is the hand's own; only its ends are drawn to something.
        add(latticeOf(point));
        show(undefined);
      },
      up: (point) => {
        if (!stroke) return;
        stroke = undefined;
        add(place(point));
        finish() || clear();
      },
      cancel: () => {
        if (stroke) points = points.slice(0, stroke.from);
        stroke = undefined;
        show(undefined);
      },
      click: (point) => {
        if (points.length === 0 && onFirstClick?.(point)) return;
        add(place(point));
        show(undefined);
      },
      double: () => {
        finish();
      },
    },
    keys: {
      finish,
      stepBack: () => {
        if (points.length === 0) return false;
        points.pop();
        show(undefined);
        return true;
      },
      letGo: () => {
        const any = points.length > 0;
        clear();
        return any;
      },
    },
  };
}
