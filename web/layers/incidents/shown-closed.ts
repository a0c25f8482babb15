import type { Filters } from "../../app/view-state.ts";

/**
 * Whether the map shows the whole selection: when the viewer asked for a time window, for states or for all closed cases.
 * Otherwise a year of closed cases would bury the few that still ask for something.
 */
export const showsAllClosed = ({ from, to, states, withClosed }: Filters): boolean =>
  withClosed === true || from !== undefined || to !== undefined || states !== undefined;
