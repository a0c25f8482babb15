import { useLiveRefetch } from "../../app/use-live.ts";
import { useView } from "../../app/view-state.ts";
import { may, mayDo, ownArea, viewerNow } from "../../app/viewer.ts";
import { type AlarmCaseFragment, AlarmsDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";

const CASES = { kinds: ["INCIDENT"] } as const;
const NONE: readonly AlarmCaseFragment[] = [];

export interface Alarms {
  /** Those that nobody has acknowledged, oldest first. */
  readonly waiting: readonly AlarmCaseFragment[];
  /** Reads them anew: after an own acknowledgement. */
  readonly refresh: () => void;
}

/**
 * Alarms of the viewer's whole area in the county on screen, whatever part of it the map shows: none is to be missed
 * because somebody looked at another town.
 */
export function useAlarms(): Alarms {
  const county = useView((view) => view.county);
  const inside = county ? (ownArea(county) ?? county) : undefined;
  const { data, retry } = useQuery(AlarmsDocument, inside && may("incident") ? { inside } : undefined);
  useLiveRefetch(inside === undefined ? undefined : CASES, retry);
  return { waiting: data?.alarms ?? NONE, refresh: retry };
}

/** May whoever sits here acknowledge one? Only people with an account and the right to supervise; a wall cannot. */
export const mayAcknowledge = (): boolean => mayDo("supervise") && viewerNow()?.kind === "account";
