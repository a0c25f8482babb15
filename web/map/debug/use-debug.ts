import { useEffect, useState } from "react";

/** Asked for by the address that the page was opened with; the page's own address drops what it does not know. */
const ASKED = new URLSearchParams(location.search).has("debug");

/** Whether the overlay is to be seen: `?debug=1`, and Alt+Shift+D switches it. */
export function useDebug(): boolean {
  const [on, setOn] = useState(ASKED);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey && event.shiftKey && event.code === "KeyD") setOn((was) => !was);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return on;
}
