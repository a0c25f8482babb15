import { useEffect, useState } from "react";

/** A value once it has stood still for so long, ms: what is typed is asked for when it is typed. Clearing it holds at once. */
export function useSettled(value: string | undefined, ms: number): string | undefined {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === undefined ? 0 : ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
