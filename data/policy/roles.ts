/** Roles of the seats (DESIGN section 1). A grant gives one role on one area; a session acts under one grant at a time. */
export const ROLES = ["wall", "leader", "dispatcher", "planner", "grid_worker", "admin", "auditor"] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** County code of the server itself: a grant on it holds in every county; its audit chain holds what has no county. */
export const ROOT_COUNTY = "000000";
