import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useTranslation } from "react-i18next";

const MIN = 25;
const MAX = 75;
const STEP = 5;

/** The border between map and lists: drag it, or use the arrow keys. Value = share of the map in per cent. */
export function Splitter({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLHRElement>(null);
  const clamp = (wanted: number): number => Math.min(MAX, Math.max(MIN, wanted));
  const drag = (event: PointerEvent) => {
    const parent = bar.current?.parentElement;
    if (!parent || !bar.current?.hasPointerCapture(event.pointerId)) return;
    const { left, width } = parent.getBoundingClientRect();
    onChange(clamp(Math.round(((event.clientX - left) / width) * 100)));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") onChange(clamp(value - STEP));
    else if (event.key === "ArrowRight") onChange(clamp(value + STEP));
  };
  return (
    <hr
      ref={bar}
      className="splitter"
      aria-orientation="vertical"
      aria-label={t("desk.splitter")}
      aria-valuenow={value}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      onPointerDown={(event) => bar.current?.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKey}
    />
  );
}
