import type { PostKind } from "../model/staff.ts";

/** Everyday matters of streets and houses: components and matters of GB/T 47678.5-2026, requests, hazards. */
const EVERYDAY = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "81", "82"];
const DISPUTES = ["80"];

/**
 * Majors of classes that the holders of a post do, by its kind: the six daily duties of grid workers (domain.md YG10), police
 * for order, disputes and hazards (YG3), the five who enter the grid for disputes and law (YG4), contracted leaders for
 * requests of residents and firms (YG2, ZC10).
 */
export const POST_SKILLS: Readonly<Record<PostKind, readonly string[]>> = {
  grid_leader: [...EVERYDAY, ...DISPUTES],
  full_time: [...EVERYDAY, ...DISPUTES],
  part_time: EVERYDAY,
  community_worker: [...EVERYDAY, ...DISPUTES, "83"],
  police: ["09", "80", "82"],
  auxiliary: ["09", "82"],
  police_officer: ["09", "80", "82"],
  judge: DISPUTES,
  prosecutor: DISPUTES,
  legal_worker: ["80", "83"],
  mediator: DISPUTES,
  contracted_leader: ["81", "83"],
};

/** Does a post of the kind do cases of the class? @param classCode five digits; its first two are the major */
export const isSkilled = (kind: PostKind, classCode: string): boolean =>
  POST_SKILLS[kind].includes(classCode.slice(0, 2));
