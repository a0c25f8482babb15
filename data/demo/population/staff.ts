import { nameSort } from "../../model/name-sort.ts";
import type {
  AbsenceRecord,
  PostAreaRecord,
  PostHolderRecord,
  PostRecord,
  ShiftRecord,
  StaffRecord,
} from "../../model/staff.ts";
import { DAY_MS, type DemoContext, HOUR_MS, isoOf, nextId } from "./demo-context.ts";
import { fictitiousNames, unassignablePhones } from "./fictitious-names.ts";
import type { Organisations } from "./organisations.ts";
import { type PostPlan, planGridPosts } from "./post-plans.ts";
import { planFiveProfessions, planPolicePosts } from "./service-post-plans.ts";
import { DUTY_HOURS } from "./shifts.ts";

export interface Workforce {
  readonly posts: readonly PostRecord[];
  readonly postAreas: readonly PostAreaRecord[];
  readonly staff: readonly StaffRecord[];
  readonly postHolders: readonly PostHolderRecord[];
  readonly shifts: readonly ShiftRecord[];
  readonly absences: readonly AbsenceRecord[];
}

/** Share of posts whose A is on leave around the anchor, so that B is seen to answer. */
const ABSENT_SHARE = 0.05;

/**
 * All posts with their areas, weekly hours and holders. Each post has one member of staff of its own (slot A); slot B
 * is a colleague of the same bench, so that the number of staff equals the number of posts and published numbers hold.
 */
export function makeWorkforce(context: DemoContext, organisations: Organisations): Workforce {
  const prng = context.prng.fork("staff");
  const plans = [
    ...planGridPosts(context, organisations),
    ...planPolicePosts(context, organisations),
    ...planFiveProfessions(context, organisations),
  ];
  const hiredMs = context.anchorMs - 420 * DAY_MS;
  const newName = fictitiousNames(prng.fork("names"));
  const newPhone = unassignablePhones();

  const posts: PostRecord[] = [];
  const postAreas: PostAreaRecord[] = [];
  const staff: StaffRecord[] = [];
  const postHolders: PostHolderRecord[] = [];
  const shifts: ShiftRecord[] = [];
  for (const plan of plans) {
    const post: PostRecord = {
      id: nextId(prng, hiredMs),
      kind: plan.kind,
      organisationId: plan.organisation.id,
      place: plan.place,
      point: plan.point,
    };
    posts.push(post);
    for (const area of plan.areas) postAreas.push({ postId: post.id, areaId: area.id, lead: plan.lead });
    const name = newName();
    staff.push({
      id: nextId(prng, hiredMs),
      name,
      nameSort: nameSort(name),
      title: plan.title,
      organisationId: plan.organisation.id,
      workPhone: newPhone(),
    });
    for (const slot of ["A", "B"] as const)
      for (const hours of DUTY_HOURS[plan.pattern])
        shifts.push({ id: nextId(prng, hiredMs), postId: post.id, slot, ...hours });
  }

  const from = isoOf(hiredMs);
  const deputies = deputiesOf(plans);
  plans.forEach((_, i) => {
    const postId = (posts[i] as PostRecord).id;
    postHolders.push({ postId, staffId: (staff[i] as StaffRecord).id, slot: "A", from, to: null });
    const deputy = deputies[i] as number;
    if (deputy !== i)
      postHolders.push({ postId, staffId: (staff[deputy] as StaffRecord).id, slot: "B", from, to: null });
  });

  // Nobody goes on leave together with whom he stands in for, or who stands in for him.
  const absences: AbsenceRecord[] = [];
  const absent = new Set<number>();
  const standingIn = new Set<number>();
  plans.forEach((_, i) => {
    const deputy = deputies[i] as number;
    if (deputy === i || standingIn.has(i) || absent.has(deputy) || !prng.chance(ABSENT_SHARE)) return;
    absent.add(i);
    standingIn.add(deputy);
    const fromMs = context.anchorMs - prng.int(4, 72) * HOUR_MS;
    absences.push({
      id: nextId(prng, fromMs),
      staffId: (staff[i] as StaffRecord).id,
      from: isoOf(fromMs),
      to: isoOf(context.anchorMs + prng.int(12, 144) * HOUR_MS),
    });
  });
  return { posts, postAreas, staff, postHolders, shifts, absences };
}

/**
 * Index of each post's deputy: neighbours on a bench stand in for each other in pairs, an odd last one is stood in for
 * by the one before; somebody alone on a bench by the next post of the same kind. Equal to its own index when there
 * is nobody.
 */
function deputiesOf(plans: readonly PostPlan[]): number[] {
  const deputies = plans.map((_, i) => i);
  const group = (keyOf: (plan: PostPlan) => string, members: readonly number[]): Map<string, number[]> => {
    const groups = new Map<string, number[]>();
    for (const i of members) {
      const key = keyOf(plans[i] as PostPlan);
      const known = groups.get(key);
      if (known) known.push(i);
      else groups.set(key, [i]);
    }
    return groups;
  };
  const pair = (bench: readonly number[]): void => {
    bench.forEach((member, k) => {
      const other = bench[k % 2 === 0 ? k + 1 : k - 1] ?? bench[k - 1];
      if (other !== undefined) deputies[member] = other;
    });
  };
  // By first area, then by order: leader and worker of one grid become a pair (Decheng's AB岗).
  const firstArea = (i: number): string => (plans[i] as PostPlan).areas[0]?.code ?? "";
  const order = plans
    .map((_, i) => i)
    .sort((a, b) => (firstArea(a) < firstArea(b) ? -1 : firstArea(a) > firstArea(b) ? 1 : a - b));
  const alone: number[] = [];
  for (const bench of group((plan) => plan.bench, order).values())
    if (bench.length === 1) alone.push(bench[0] as number);
    else pair(bench);
  for (const bench of group((plan) => plan.kind, alone).values()) pair(bench);
  return deputies;
}
