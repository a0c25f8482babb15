/** For layers on a flat map inside MapLibre's own context: order decides what is on top, never depth. */
export const FLAT = { depthCompare: "always", depthWriteEnabled: false } as const;
