import { useEffect } from "react";
import { loadClasses, loadCountyInfo, startHeartbeat, useCurrentCounty } from "../../app/county-info.ts";
import { useLiveFollow } from "../../app/use-live.ts";

/** What the phone needs of a county: its clock, its classes' names, and word of every change. Not its cases' columns. */
export function useFieldLoading(): ReturnType<typeof useCurrentCounty> {
  const county = useCurrentCounty();
  const code = county?.code;
  useEffect(() => {
    void loadCountyInfo();
  }, []);
  useLiveFollow(code);
  useEffect(() => {
    if (!code) return;
    void loadClasses(code);
    // Single changes come by the feed; a load may bring other classes.
    return startHeartbeat(code, (what) => {
      if (what === "content") void loadClasses(code);
    });
  }, [code]);
  return county;
}
