import { GRID_HOUSEHOLDS } from "../../../../data/planning/household-band.ts";
import type { Band } from "../drawing/plan-drawing.ts";

export const bandOf = (households: number): Band =>
  households < GRID_HOUSEHOLDS.from ? "few" : households > GRID_HOUSEHOLDS.to ? "many" : "right";
