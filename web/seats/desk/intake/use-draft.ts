import { useCallback, useEffect, useState } from "react";
import { onViewerChange } from "../../../app/session.ts";
import { type Draft, draftFrom, keptDraft, newDraft } from "./draft.ts";

const PREFIX = "jingwei:draft:";

// Another person at this desk starts with an empty form.
onViewerChange(() => {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
});

/** The draft of a county: kept in the browser's session until it was sent or thrown away. */
export function useDraft(county: string): {
  readonly draft: Draft;
  readonly change: (patch: Partial<Draft>) => void;
  readonly clear: () => void;
} {
  const name = PREFIX + county;
  const [draft, setDraft] = useState(() => draftFrom(sessionStorage.getItem(name)));
  useEffect(() => {
    sessionStorage.setItem(name, keptDraft(draft));
  }, [name, draft]);
  const change = useCallback((patch: Partial<Draft>) => setDraft((old) => ({ ...old, ...patch })), []);
  const clear = useCallback(() => setDraft(newDraft()), []);
  return { draft, change, clear };
}
