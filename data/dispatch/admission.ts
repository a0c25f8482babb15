import type { AdmissionKind, AdmissionRecord } from "../model/admission.ts";
import type { PostKind } from "../model/staff.ts";
import type { Role } from "../policy/roles.ts";

/** Posts of grid workers: what a list keeps from grid workers is kept from these. */
export const GRID_WORKER_POSTS: readonly PostKind[] = ["grid_leader", "full_time", "part_time"];

/** Who a case would be handed to. */
export interface AdmissionTarget {
  readonly role?: Role | null | undefined;
  readonly postKind?: PostKind | null | undefined;
}

type Item = Pick<AdmissionRecord, "classes" | "kind">;

const REFUSING: readonly AdmissionKind[] = ["forbidden", "no_stamp"];

/** True for items that keep a class away from somebody. */
export const isRefusing = ({ kind }: Pick<Item, "kind">): boolean => REFUSING.includes(kind);

/** Items that speak of a class, in the order of the list. @param classCode five digits */
export const itemsOfClass = <One extends Item>(items: readonly One[], classCode: string): One[] =>
  items.filter(({ classes }) => classes.some((prefix) => classCode.startsWith(prefix)));

const isGridWorker = ({ role, postKind }: AdmissionTarget): boolean =>
  role === "grid_worker" || (postKind != null && GRID_WORKER_POSTS.includes(postKind));

/**
 * The item that refuses to hand a case of a class to somebody; undefined when none does. 禁止 keeps it from grid workers,
 * whatever other items admit; 不予盖章 from everybody: no unit of a community stamps such a paper (domain.md DC4).
 */
export const refusingItem = <One extends Item>(
  items: readonly One[],
  classCode: string,
  target: AdmissionTarget,
): One | undefined =>
  itemsOfClass(items, classCode).find(
    ({ kind }) => kind === "no_stamp" || (kind === "forbidden" && isGridWorker(target)),
  );
