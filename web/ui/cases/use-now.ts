import { useEffect, useState } from "react";
import { useCurrentCounty } from "../../app/county-info.ts";
import { serverNow } from "../../app/server-clock.ts";

/**
 * The instant that clocks are read at, epoch seconds: the server's now, whatever this computer's clock says; of a county
 * whose data have ended, their last instant.
 *
 * @param everyMs how often it moves on
 */
export function useNow(everyMs: number): number {
  const county = useCurrentCounty();
  const fixed = county?.historic ? Date.parse(county.asOf) / 1000 : undefined;
  const [now, setNow] = useState(() => serverNow() / 1000);
  useEffect(() => {
    if (fixed !== undefined) return;
    setNow(serverNow() / 1000);
    const timer = setInterval(() => setNow(serverNow() / 1000), everyMs);
    return () => clearInterval(timer);
  }, [fixed, everyMs]);
  return fixed ?? now;
}
