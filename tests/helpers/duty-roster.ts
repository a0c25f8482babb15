import type { CountyDataset } from "../../data/model/dataset.ts";
import { groupBy } from "./group-by.ts";

const DAY_MINUTES = 1440;

/** Who answers for each post at an instant: A in A's hours unless absent, else B in B's hours unless absent. */
export function answeringPosts(
  dataset: CountyDataset,
): (atMs: number) => Map<string, { staffId: string; slot: "A" | "B" }> {
  const holders = new Map(dataset.postHolders.map((holder) => [`${holder.postId} ${holder.slot}`, holder]));
  const shifts = groupBy(dataset.shifts, (shift) => `${shift.postId} ${shift.slot}`);
  const absences = groupBy(dataset.absences, (absence) => absence.staffId as string);
  const slots = dataset.posts.map((post) => ({
    postId: post.id as string,
    candidates: (["A", "B"] as const).flatMap((slot) => {
      const staffId = holders.get(`${post.id} ${slot}`)?.staffId as string | undefined;
      if (staffId === undefined) return [];
      return [{ slot, staffId, hours: shifts.get(`${post.id} ${slot}`) ?? [], away: absences.get(staffId) ?? [] }];
    }),
  }));
  return (atMs) => {
    const iso = new Date(atMs).toISOString();
    const localMinutes = atMs / 60_000 + 8 * 60;
    const day = Math.floor(localMinutes / DAY_MINUTES);
    const minute = localMinutes - day * DAY_MINUTES;
    const weekday = (day + 3) % 7;
    const answers = new Map<string, { staffId: string; slot: "A" | "B" }>();
    for (const { postId, candidates } of slots) {
      const answering = candidates.find(
        ({ hours, away }) =>
          !away.some((absence) => absence.from <= iso && iso < absence.to) &&
          hours.some(
            (shift) =>
              ((shift.weekdays & (1 << weekday)) !== 0 && minute >= shift.startMinute && minute < shift.endMinute) ||
              ((shift.weekdays & (1 << ((weekday + 6) % 7))) !== 0 && minute + DAY_MINUTES < shift.endMinute),
          ),
      );
      if (answering) answers.set(postId, { staffId: answering.staffId, slot: answering.slot });
    }
    return answers;
  };
}

/** Codes of grids, communities and villages that nobody answers for at an instant; a grid is served through its community too. */
export function uncoveredAreas(dataset: CountyDataset, atMs: number, answering = answeringPosts(dataset)): string[] {
  const answers = answering(atMs);
  const codeOf = new Map(dataset.areas.map((area) => [area.id as string, area.code]));
  const covered = new Set<string>();
  for (const { postId, areaId } of dataset.postAreas)
    if (answers.has(postId)) covered.add(codeOf.get(areaId) as string);
  return dataset.areas
    .filter((area) => area.level === "grid" || area.level === "community")
    .map((area) => area.code)
    .filter((code) => !covered.has(code) && !covered.has(code.slice(0, 12)));
}
