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

/** Point of an event on the map. */
function pointOf(engine: MapEngine, event: PointerEvent): ToolPoint {
  const box = engine.element.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
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
    const point = pointOf(engine, event);
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
    const point = pointOf(engine, event);
    if (pressed && Math.hypot(point.x - pressed.x, point.y - pressed.y) > STILL_PX[kindOf(event)]) moved = true;
    if (!pressed || pressed.taken) now.move(point);
  };
  const up = (event: PointerEvent): void => {
    if (!pressed || event.pointerId !== pressed.id) return;
    const { taken } = pressed;
    release();
    const now = tool();
    if (!now) return;
    const point = pointOf(engine, event);
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
  const on = { capture: true } as const;
  element.addEventListener("pointerdown", down, on);
  element.addEventListener("pointermove", move, on);
  element.addEventListener("pointerup", up, on);
  element.addEventListener("pointercancel", cancel, on);
  return () => {
    release();
    element.removeEventListener("pointerdown", down, on);
    element.removeEventListener("pointermove", move, on);
    element.removeEventListener("pointerup", up, on);
    element.removeEventListener("pointercancel", cancel, on);
  };
}

/** The middle of the map as a point of a tool. */
function centrePoint(engine: MapEngine): ToolPoint {
  const { clientWidth, clientHeight } = engine.element;
  return { ...engine.place(clientWidth / 2, clientHeight / 2), shift: false, alt: false, ctrl: false, by: "keyboard" };
}

/**
 * The keyboard's pointer: the cross in the middle of the map. The arrows move the map under it (MapLibre's own keys), the
 * space bar clicks there, or takes and lets go.
 *
 * @returns stops listening
 */
function listenKeys(engine: MapEngine): () => void {
  let held: MapTool | undefined;
  const tool = (): MapTool | undefined => useMapTool.getState().tool;
  const onKey = (event: KeyboardEvent): void => {
    const now = tool();
    if (!now || event.key !== " ") return;
    event.preventDefault();
    const point = centrePoint(engine);
    if (held) {
      held.up(point);
      held = undefined;
    } else if (now.space === "click") now.click(point);
    else if (now.down(point)) held = now;
  };
  const onMove = (): void => {
    if (held && held !== tool()) held = undefined;
    if (held || document.activeElement === engine.map.getCanvas()) tool()?.move(centrePoint(engine));
  };
  engine.element.addEventListener("keydown", onKey);
  engine.map.on("move", onMove);
  return () => {
    held?.cancel();
    engine.element.removeEventListener("keydown", onKey);
    engine.map.off("move", onMove);
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
