import { bugError } from "../../data/model/errors.ts";
import { fromLattice } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { type IncidentListFilter, type IncidentReading, incidentParts, OPEN_SQL } from "./incident-filter.ts";
import { latticeSql, type PackedColumn, packSql, unpackColumns } from "./packed-columns.ts";

/** Bits of what a case counts as in a cell. */
export const COUNTED = { open: 1, late: 2 } as const;

/** Where cases lie and what they count as: what far-out tiles are made of. */
export interface CountedPlaces {
  readonly rows: number;
  /** 1e-7 degree. */
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  /** Bits of `COUNTED`. */
  readonly counted: Uint8Array;
}

const COLUMNS: readonly PackedColumn[] = [
  { name: "lon", type: "i32", sql: "r.lon" },
  { name: "lat", type: "i32", sql: "r.lat" },
  { name: "counted", type: "u8", sql: "r.counted" },
];

/** Cases that a filter holds, in no order; nine bytes each. Its box lets in a little more than what lies in it. */
export async function countedPlaces(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
): Promise<CountedPlaces> {
  const { params, where, late } = incidentParts(reading, filter);
  const bytes = await tx.bytes(
    `SELECT ${packSql(COLUMNS, "'{}'::json")}
     FROM (SELECT ${latticeSql("ST_X(i.geom)")} AS lon, ${latticeSql("ST_Y(i.geom)")} AS lat,
         (CASE WHEN ${OPEN_SQL} THEN ${COUNTED.open} ELSE 0 END | CASE WHEN ${late} THEN ${COUNTED.late} ELSE 0 END) AS counted
       FROM incident i WHERE ${where}) r`,
    params.values,
  );
  if (!bytes) throw bugError("the database gave no counted places");
  const { rows, columns } = unpackColumns(bytes, COLUMNS);
  const { lon, lat, counted } = columns;
  if (!(lon instanceof Int32Array && lat instanceof Int32Array && counted instanceof Uint8Array))
    throw bugError("counted places have columns of other types");
  return { rows, lon, lat, counted };
}

/** A box of lattice positions in degrees, half a step wider, so that no rounding leaves a position of its edge out. */
export const degreesOfBox = (west: number, south: number, east: number, north: number) =>
  [fromLattice(west - 0.5), fromLattice(south - 0.5), fromLattice(east - 0.5), fromLattice(north - 0.5)] as const;
