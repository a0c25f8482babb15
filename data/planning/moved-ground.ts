import { groundOf } from "../coverage/layer-faults.ts";
import { arrange, OUTSIDE } from "../coverage/noding/arrangement.ts";
import type { PolygonRings } from "../model/geometry.ts";
import type { BaseCell, PlanChange } from "./plan.ts";

/** A stretch of ground and whose it is before and after a plan; null = nobody's. */
export interface GroundPiece {
  /** Area's id. */
  readonly from: string | null;
  /** Name of the cell. */
  readonly to: string | null;
  readonly areaM2: number;
  readonly rings: PolygonRings;
}

/**
 * The ground of the cells that a plan changes, in pieces that lie wholly in one old and one new cell. Exact on the lattice:
 * where pieces begin is decided without a tolerance. Ground of several old or new cells at once is given for each pair.
 *
 * @param old the cells that it changes, as they are
 */
export function groundPieces(old: readonly BaseCell[], changes: readonly PlanChange[]): GroundPiece[] {
  const drawn = changes.flatMap((change) =>
    change.geometry === null ? [] : [{ ...change, geometry: change.geometry }],
  );
  const arrangement = arrange([...old.map(({ geometry }) => geometry), ...drawn.map(({ geometry }) => geometry)]);
  const pieces: GroundPiece[] = [];
  arrangement.owners.forEach((owners, face) => {
    if (face === OUTSIDE || owners.length === 0) return;
    const { areaM2, rings } = groundOf(arrangement, face);
    const from = owners.flatMap((owner) => (owner < old.length ? [(old[owner] as BaseCell).id] : []));
    const to = owners.flatMap((owner) => (owner < old.length ? [] : [(drawn[owner - old.length] as PlanChange).cell]));
    for (const one of from.length > 0 ? from : [null])
      for (const other of to.length > 0 ? to : [null]) pieces.push({ from: one, to: other, areaM2, rings });
  });
  return pieces;
}
