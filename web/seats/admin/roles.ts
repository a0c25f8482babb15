import type { Role } from "../../gql/generated.ts";

/** Roles in the order of menus, with the level of area that they are usually granted on. */
export const ROLE_CHOICES: readonly Role[] = [
  "WALL",
  "LEADER",
  "DISPATCHER",
  "PLANNER",
  "GRID_WORKER",
  "ADMIN",
  "AUDITOR",
];

/** A role as the texts and the policy name it. */
export const roleKey = (role: Role): string => role.toLowerCase();
