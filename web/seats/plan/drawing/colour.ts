/** Red, green, blue and opacity, 0–255 each. */
export type Colour = [number, number, number, number];

/** What is drawn elsewhere by now. */
export const UNSEEN: Colour = [0, 0, 0, 0];
