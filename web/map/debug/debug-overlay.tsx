import "./debug.css";
import { useEffect, useState } from "react";
import { figure, useTexts } from "../../layers/use-texts.ts";
import { useAnswers, usePlane } from "../../plane/use-plane.ts";
import { useMapState } from "../map-state.ts";
import { drawStats } from "./draw-stats.ts";
import { type FrameReading, startFrameMeter } from "./frame-meter.ts";
import { DEBUG_TEXTS } from "./texts.ts";

const MB = 1e6;

/** From a question's way to the worker until nothing is left to answer, milliseconds; undefined before the first. */
function useAnswerTime(): number | undefined {
  const [took, setTook] = useState<number>();
  useEffect(() => {
    let began = 0;
    return useAnswers.subscribe(({ waiting }, before) => {
      if (waiting && !before.waiting) began = performance.now();
      if (!waiting && before.waiting && began > 0) setTook(performance.now() - began);
    });
  }, []);
  return took;
}

/** What the page costs, once a second. */
export function DebugOverlay() {
  const t = useTexts(DEBUG_TEXTS);
  const [reading, setReading] = useState<FrameReading>();
  useEffect(() => startFrameMeter(setReading), []);
  const answer = useAnswerTime();
  const lost = useMapState((map) => map.generation);
  const { loaded, total, dataVersion } = usePlane();
  const ms = (value: number | undefined): string => (value === undefined ? "–" : `${value.toFixed(1)} ${t.ms}`);
  const megabytes = (value: number | undefined): string =>
    value === undefined ? t.unknown : `${(value / MB).toFixed(1)} MB`;
  const lines: readonly (readonly [string, string])[] = [
    [t.frames, `${reading?.frames ?? "–"} / ${ms(reading?.worstMs)}`],
    [t.long, `${reading?.longTasks ?? "–"} · ${ms(reading?.longMs)}`],
    [t.draw, ms(drawStats.drawMs)],
    [t.answer, ms(answer)],
    [t.rows, `${figure(loaded)} / ${figure(total)} / ${figure(drawStats.rows)}`],
    [t.gpu, `${megabytes(drawStats.gpuBytes)} / ${megabytes(drawStats.gpuWritten)}`],
    [t.bytes, megabytes(reading?.bytes)],
    [t.heap, megabytes(reading?.heap)],
    [t.lost, String(lost)],
    [t.version, dataVersion || t.unknown],
  ];
  return (
    <dl className="debug-overlay" aria-label={t.title}>
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
