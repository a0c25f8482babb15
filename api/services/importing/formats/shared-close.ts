import type { RawLayer } from "../../../../data/importers/raw-layer.ts";

/** Layers of one file: what they share is closed with the last of them, or at once where there is none. */
export async function sharedClose(layers: readonly RawLayer[], close: () => Promise<void>): Promise<RawLayer[]> {
  let open = layers.length;
  if (open === 0) await close();
  return layers.map((layer) => {
    let closed = false;
    return {
      ...layer,
      async close() {
        if (closed) return;
        closed = true;
        await layer.close();
        if (--open === 0) await close();
      },
    };
  });
}
