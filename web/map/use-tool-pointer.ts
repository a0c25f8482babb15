import { useEffect } from "react";
import type { MapEngine } from "./map-engine.ts";
import { type MapTool, type ToolPoint, useMapTool } from "./map-tool.ts";

/** A press that moves less than this is a click, CSS pixels; a finger trembles more than a mouse. */
const STILL_PX = { mouse: 3, touch: 9, pen: 5 } as const;
/** Two clicks within this time and distance are a double click. */
const DOUBLE_MS = 350;

type Kind = keyof typeof STILL_PX;
const kindOf = (event: PointerEvent): Kind =>
  event.pointerType === "touch" ? "touch" : event.pointerType === "pen" ? "pen" : "mouse";

type Corner = Pick<DOMRect, "left" | "top">;

/** Point of an event on the map. @param corner upper left corner of the map in the window, CSS pixels */
function pointOf(engine: MapEngine, event: PointerEvent, corner: Corner): ToolPoint {
  const [x, y] = [event.clientX - corner.left, event.clientY - corner.top];
  return {
    ...engine.place(x, y),
    shift: event.shiftKey,
    alt: event.altKey,
    ctrl: event.ctrlKey || event.metaKey,
    by: kindOf(event),
  };
}

/**
 * Listens on the map's element before MapLibre does. One pointer at a time: a second finger ends the tool's gesture, so
 * that two fingers always move the map. The map's own dragging is switched off while a gesture is the tool's.
 *
 * @returns stops listening
 */
function listen(engine: MapEngine): () => void {
  const { element } = engine;
  let pressed: { readonly id: number; readonly taken: boolean; readonly x: number; readonly y: number } | undefined;
  let moved = false;
  let last: { readonly at: number; readonly x: number; readonly y: number } | undefined;
  const tool = (): MapTool | undefined => useMapTool.getState().tool;
  // Asked once and kept while nothing moves: asking makes the browser lay out what a gesture wrote into the page just now.
  let corner: Corner | undefined;
  const forget = (): void => {
    corner = undefined;
  };
  const here = (event: PointerEvent): ToolPoint => {
    corner ??= element.getBoundingClientRect();
    return pointOf(engine, event, corner);
  };

  const release = (): void => {
    if (pressed?.taken) engine.holdStill(false);
    pressed = undefined;
  };
  const down = (event: PointerEvent): void => {
    const now = tool();
    if (!now) return;
    if (pressed) {
      if (pressed.taken) now.cancel();
      release();
      return;
    }
    if (event.button !== 0) return;
    forget();
    const point = here(event);
    const taken = now.down(point);
    pressed = { id: event.pointerId, taken, x: point.x, y: point.y };
    moved = false;
    if (!taken) return;
    engine.holdStill(true);
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const now = tool();
    if (!now || (pressed && event.pointerId !== pressed.id)) return;
    // The map and its layers have nothing to do with a tool's gesture.
    if (pressed?.taken) event.stopPropagation();
    const point = here(event);
    if (pressed && Math.hypot(point.x - pressed.x, point.y - pressed.y) > STILL_PX[kindOf(event)]) moved = true;
    if (!pressed || pressed.taken) now.move(point);
  };
  const up = (event: PointerEvent): void => {
    if (!pressed || event.pointerId !== pressed.id) return;
    const { taken } = pressed;
    release();
    const now = tool();
    if (!now) return;
    const point = here(event);
    if (taken && moved) now.up(point);
    else if (!moved) {
      // A press that went nowhere is a click, whoever took it.
      if (taken) now.cancel();
      const again =
        last !== undefined &&
        event.timeStamp - last.at < DOUBLE_MS &&
        Math.hypot(point.x - last.x, point.y - last.y) < STILL_PX.touch;
      last = again ? undefined : { at: event.timeStamp, x: point.x, y: point.y };
      if (again) now.double(point);
      else now.click(point);
    }
  };
  const cancel = (event: PointerEvent): void => {
    if (event.pointerId !== pressed?.id) return;
    if (pressed.taken) tool()?.cancel();
    release();
  };
  const mouse = (event: MouseEvent): void => {
    if (pressed?.taken) event.stopPropagation();
  };
  const on = { capture: true } as const;
  const resized = new ResizeObserver(forget);
  resized.observe(element);
  addEventListener("scroll", forget, on);
  addEventListener("resize", forget);
  element.addEventListener("pointerdown", down, on);
  element.addEventListener("pointermove", move, on);
  element.addEventListener("pointerup", up, on);
  element.addEventListener("pointercancel", cancel, on);
  element.addEventListener("mousemove", mouse, on);
  return () => {
    release();
    resized.disconnect();
    removeEventListener("scroll", forget, on);
    removeEventListener("resize", forget);
    element.removeEventListener("mousemove", mouse, on);
    element.removeEventListener("pointerdown", down, on);
    element.removeEventListener("pointermove", move, on);
    element.removeEventListener("pointerup", up, on);
    element.removeEventListener("pointercancel", cancel, on);
  };
}

/** The middle of the map as a point of a tool, with the keys that are held. */
function centrePoint(engine: MapEngine, keys: { shiftKey: boolean; altKey: boolean } | undefined): ToolPoint {
  const { clientWidth, clientHeight } = engine.element;
  const held = { shift: keys?.shiftKey ?? false, alt: keys?.altKey ?? false, ctrl: false };
  return { ...engine.place(clientWidth / 2, clientHeight / 2), ...held, by: "keyboard" };
}

/** How far an arrow key moves the map under the cross, CSS pixels; with Shift for long ways. */
const STEP_PX = { fine: 8, far: 64 } as const;
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The keyboard's pointer: the cross in the middle of the map, shown while keys are used. The arrows move the map under it, the space
 * bar and Enter click there, or take and let go; Escape lets go without doing it.
 *
 * @returns stops listening
 */
function listenKeys(engine: MapEngine): () => void {
  const { element, map } = engine;
  let held: MapTool | undefined;
  const tool = (): MapTool | undefined => useMapTool.getState().tool;
  const press = (now: MapTool, event: KeyboardEvent): void => {
    const point = centrePoint(engine, event);
    if (held) {
      held.up(point);
      held = undefined;
    } else if (now.space === "click") now.click(point);
    else if (now.down(point)) held = now;
  };
  const onKey = (event: KeyboardEvent): void => {
    const now = tool();
    const way = ARROWS[event.key];
    if (!now || (!way && event.key !== " " && event.key !== "Enter") || event.target !== map.getCanvas()) return;
    event.preventDefault();
    event.stopPropagation();
    element.dataset["cross"] = "true";
    const step = event.shiftKey ? STEP_PX.far : STEP_PX.fine;
    if (way) map.panBy([way[0] * step, way[1] * step], { animate: false }, { originalEvent: event });
    else press(now, event);
  };
  const onMove = (): void => {
    if (held && held !== tool()) held = undefined;
    if (held || document.activeElement === map.getCanvas()) tool()?.move(centrePoint(engine, undefined));
  };
  // The tool itself hears of Escape from its seat.
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") held = undefined;
  };
  const hide = (): void => {
    delete element.dataset["cross"];
  };
  element.addEventListener("keydown", onKey, true);
  element.addEventListener("pointermove", hide, true);
  addEventListener("keydown", onEscape, true);
  map.on("move", onMove);
  return () => {
    held?.cancel();
    hide();
    element.removeEventListener("keydown", onKey, true);
    element.removeEventListener("pointermove", hide, true);
    removeEventListener("keydown", onEscape, true);
    map.off("move", onMove);
  };
}

/** Hands pointer and drawing of the map to a seat that lends it a tool. */
export function useToolPointer(engine: MapEngine | undefined): void {
  useEffect(() => {
    if (!engine) return;
    const apply = (): void => {
      const { tool, guest } = useMapTool.getState();
      engine.lend(tool);
      engine.show(guest);
    };
    const stop = useMapTool.subscribe((now, before) => {
      if (now.tool !== before.tool) engine.lend(now.tool);
      if (now.guest !== before.guest) engine.show(now.guest);
    });
    const stopListening = listen(engine);
    const stopKeys = listenKeys(engine);
    apply();
    return () => {
      stop();
      stopListening();
      stopKeys();
      engine.lend(undefined);
      engine.show(undefined);
    };
  }, [engine]);
}
