import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTexts } from "../../../layers/use-texts.ts";
import { FIELD_TEXTS } from "../texts.ts";
import { pixelate, type Rect, rectBetween } from "./pixelate.ts";

/** What a key covers: a square of this part of the picture's shorter side, around the cross. */
const KEY_PART = 0.16;
const STEP_PART = 0.04;
/** A touch without a drag covers as much. */
const TAP_PX = 6;

/**
 * The photo with what has been covered; a drag of finger or mouse over a face or a plate covers it at once. What is under it
 * is gone from the picture itself. By keyboard: arrows move the cross, Enter covers.
 *
 * @param canvas drawn on in place
 * @param covered rectangles, oldest first
 * @param onCover called with all rectangles after another one was added
 */
export function BlurTool({
  canvas,
  original,
  covered,
  onCover,
}: {
  canvas: HTMLCanvasElement;
  original: ImageData;
  covered: readonly Rect[];
  onCover: (covered: readonly Rect[]) => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const box = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<readonly [number, number]>();
  const [to, setTo] = useState<readonly [number, number]>();
  const [cross, setCross] = useState<readonly [number, number]>();
  const { width, height } = canvas;
  const half = (Math.min(width, height) * KEY_PART) / 2;

  useEffect(() => {
    canvas.setAttribute("aria-hidden", "true");
    box.current?.prepend(canvas);
  }, [canvas]);
  useEffect(() => redraw(canvas, original, covered), [canvas, original, covered]);

  const place = (event: PointerEvent): readonly [number, number] => {
    const bounds = canvas.getBoundingClientRect();
    return [
      ((event.clientX - bounds.left) / bounds.width) * width,
      ((event.clientY - bounds.top) / bounds.height) * height,
    ];
  };
  const around = ([x, y]: readonly [number, number]): Rect =>
    rectBetween([x - half, y - half], [x + half, y + half], width, height);
  const end = (event: PointerEvent): void => {
    if (!from) return;
    const last = place(event);
    const drawn = rectBetween(from, last, width, height);
    const scale = width / Math.max(1, canvas.getBoundingClientRect().width);
    const tap = Math.max(drawn.width, drawn.height) < TAP_PX * scale;
    onCover([...covered, tap ? around(last) : drawn]);
    setFrom(undefined);
    setTo(undefined);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = Math.min(width, height) * STEP_PART;
    const [x, y] = cross ?? [width / 2, height / 2];
    const moved: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [x - step, y],
      ArrowRight: [x + step, y],
      ArrowUp: [x, y - step],
      ArrowDown: [x, y + step],
    };
    const next = moved[event.key];
    if (next) setCross([Math.min(Math.max(next[0], 0), width), Math.min(Math.max(next[1], 0), height)]);
    else if (event.key === "Enter" || event.key === " ") onCover([...covered, around([x, y])]);
    else return;
    event.preventDefault();
  };
  const frame = from && to ? rectBetween(from, to, width, height) : cross ? around(cross) : undefined;
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a surface to draw on; no element of HTML is one
    <div
      ref={box}
      className="blur-tool"
      role="group"
      aria-label={t.blurArea}
      aria-describedby="blur-hint"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: drawn on by keyboard too
      tabIndex={0}
      onKeyDown={onKey}
      onBlur={() => setCross(undefined)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(place(event));
        setTo(place(event));
      }}
      onPointerMove={(event) => from && setTo(place(event))}
      onPointerUp={end}
      onPointerCancel={() => setFrom(undefined)}
    >
      {frame && (
        <div
          className="blur-frame"
          style={{
            left: percent(frame.x, width),
            top: percent(frame.y, height),
            width: percent(frame.width, width),
            height: percent(frame.height, height),
          }}
        />
      )}
    </div>
  );
}

function redraw(canvas: HTMLCanvasElement, original: ImageData, covered: readonly Rect[]): void {
  const pixels = new Uint8ClampedArray(original.data);
  for (const rect of covered) pixelate(pixels, original.width, rect);
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, original.width, original.height), 0, 0);
}
