import { useEffect, useState } from "react";

const IDLE_MS = 5000;
const SIGNS_OF_LIFE = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"] as const;

/** True until somebody touches pointer or keys, and again 5 s after they stopped. */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const awake = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), IDLE_MS);
    };
    for (const sign of SIGNS_OF_LIFE) addEventListener(sign, awake, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, awake);
    };
  }, []);
  return idle;
}
