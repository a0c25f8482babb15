import type { PreviewLayer } from "./use-preview.ts";

/** Why a layer cannot be read or placed as it was asked for. */
export function LayerFault({ fault }: { fault: NonNullable<PreviewLayer["error"]> }) {
  return (
    <div className="note error" role="alert">
      <strong>{fault.message}</strong>
      {fault.hint && <span>{fault.hint}</span>}
    </div>
  );
}
