import type { FigureInput } from "../figure-input.ts";

/** Cases by weekday (0 Monday) and hour of opening in the county's zone: 7 × 24 counts, row by row. */
export const rhythmFigures = ({ sweep }: Pick<FigureInput, "sweep">): Uint32Array => sweep.byWeekHour;
