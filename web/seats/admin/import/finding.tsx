import { useView } from "../../../app/view-state.ts";
import { findingText } from "./finding-texts.ts";

/** What an importer found: in everyday words where there are any, and the details as it told them. */
export function Finding({ kind, message }: { kind: string; message: string }) {
  const words = findingText(
    useView((view) => view.language),
    kind,
  );
  if (words === undefined) return message;
  return (
    <>
      <strong>{words}</strong>{" "}
      <span className="tone-muted" lang="en">
        {message}
      </span>
    </>
  );
}
