import type { Metres } from "./local-plane.ts";

export interface PowerSite {
  readonly at: Metres;
  readonly weight: number;
}

const square = (a: Metres, b: Metres): number => (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);

/**
 * Places sites so that their power cells (nearest by squared distance less weight) have about the wanted sizes: Lloyd's
 * relaxation with weights steered by the error of each cell (capacity-constrained power diagram, Balzer et al. 2009,
 * in a plain iterative form).
 *
 * @param samples evenly spread points of the land to share, metres
 * @param targets wanted size of each site, any unit
 * @param fixed sites that must stay where they are
 */
export function powerSites(
  samples: readonly Metres[],
  targets: readonly number[],
  fixed: readonly (Metres | undefined)[],
): PowerSite[] {
  if (targets.length === 0 || samples.length === 0) return [];
  const total = targets.reduce((sum, target) => sum + target, 0);
  const wanted = targets.map((target) => (target / total) * samples.length);
  const at: Metres[] = farthestPoints(samples, fixed);
  const weight = targets.map(() => 0);
  const spread = square(samples[0] as Metres, samples[samples.length - 1] as Metres);
  const cellM2 = spread / samples.length / 2;
  for (let round = 0; round < 60; round++) {
    const count = targets.map(() => 0);
    const sumX = targets.map(() => 0);
    const sumY = targets.map(() => 0);
    for (const sample of samples) {
      const owner = nearest(sample, at, weight);
      count[owner] = (count[owner] as number) + 1;
      sumX[owner] = (sumX[owner] as number) + sample[0];
      sumY[owner] = (sumY[owner] as number) + sample[1];
    }
    for (let i = 0; i < targets.length; i++) {
      const n = count[i] as number;
      weight[i] = (weight[i] as number) + cellM2 * 0.5 * ((wanted[i] as number) - n);
      if (!fixed[i] && n > 0 && round < 45) at[i] = [(sumX[i] as number) / n, (sumY[i] as number) / n];
    }
  }
  // The middle of a cell that bends around the seat can lie in the seat: a site stands on its own land.
  at.forEach((place, i) => {
    if (fixed[i]) return;
    const own = samples.filter((sample) => nearest(sample, at, weight) === i);
    at[i] = own.reduce((a, b) => (square(b, place) < square(a, place) ? b : a), own[0] ?? place);
  });
  return at.map((place, i) => ({ at: place, weight: weight[i] as number }));
}

function nearest(point: Metres, at: readonly Metres[], weight: readonly number[]): number {
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let i = 0; i < at.length; i++) {
    const cost = square(point, at[i] as Metres) - (weight[i] as number);
    if (cost < bestCost) {
      bestCost = cost;
      best = i;
    }
  }
  return best;
}

/** Free sites start far from each other and from the fixed ones. */
function farthestPoints(samples: readonly Metres[], fixed: readonly (Metres | undefined)[]): Metres[] {
  const out: Metres[] = [];
  const gaps = samples.map((sample) => {
    let gap = Number.POSITIVE_INFINITY;
    for (const place of fixed) if (place) gap = Math.min(gap, square(sample, place));
    return gap;
  });
  for (const place of fixed) {
    if (place) {
      out.push(place);
      continue;
    }
    let best = 0;
    for (let i = 1; i < samples.length; i++) if ((gaps[i] as number) > (gaps[best] as number)) best = i;
    const chosen = samples[best] as Metres;
    out.push(chosen);
    for (let i = 0; i < samples.length; i++)
      gaps[i] = Math.min(gaps[i] as number, square(samples[i] as Metres, chosen));
  }
  return out;
}
