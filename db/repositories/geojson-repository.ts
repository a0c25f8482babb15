import type { ContextKind } from "../../data/model/area.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { lowestGridsSql } from "./area-counts-repository.ts";

/** A FeatureCollection as UTF-8 JSON, made whole by the database. */
type GeoJsonBytes = Promise<Uint8Array | undefined>;

const collection = (properties: string, geometry: string, orderBy: string): string =>
  `SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
     json_build_object('type', 'Feature', 'properties', ${properties}, 'geometry', ST_AsGeoJSON(${geometry}, 7)::json)
     ORDER BY ${orderBy}), '[]'))::text`;

/** Lowest grids without their owners, for roles that may not read contracts. */
const NO_OWNERS_SQL = "SELECT NULL::text AS code, NULL::text AS status, NULL::uuid AS organisation_id WHERE false";

/**
 * Areas of the levels, by code, as bounded and owned at an instant; `owner` on the lowest grids only.
 *
 * @param owners whether the role may read who is responsible; without, there are none
 */
export const areaFeatures = (
  tx: Transaction,
  county: string,
  levels: readonly AreaLevel[],
  at: string,
  owners: boolean,
): GeoJsonBytes =>
  tx.bytes(
    `WITH lowest AS MATERIALIZED (${owners ? lowestGridsSql("$3") : NO_OWNERS_SQL})
     ${collection(
       `json_build_object('code', v.code, 'id', 'Area:' || v.county || ':' || v.area_id, 'name', v.name,
          'level', v.level, 'kind', v.kind, 'urban', v.urban, 'households', v.households, 'householdsExact', v.households_exact, 'areaM2', v.area_m2,
          'label', json_build_array(ST_X(v.label), ST_Y(v.label)),
          'owner', CASE WHEN l.status IN ('owned', 'expired') THEN json_build_object(
            'id', 'Organisation:' || o.county || ':' || o.id, 'name', o.name, 'status', l.status) END)`,
       "v.geom",
       "v.code",
     )}
     FROM area_version v
     LEFT JOIN lowest l ON l.code = v.code
     LEFT JOIN organisation o ON o.county = $1 AND o.id = l.organisation_id
     WHERE v.county = $1 AND v.level = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, levels, at],
  );

/** What the map draws under everything: roads, water, railways and parks. Street blocks are `referenceFeatures` alone. */
export const contextFeatures = (tx: Transaction, county: string): GeoJsonBytes =>
  tx.bytes(
    `${collection("json_build_object('kind', c.kind, 'rank', c.rank, 'name', c.name)", "c.geom", "c.kind, c.rank, c.id")}
     FROM context_feature c WHERE c.county = $1 AND c.kind <> 'block'`,
    [county],
  );

/**
 * Reference layers as they were imported, with what tells features apart: for snapping borders to them.
 *
 * @param box west, south, east, north in degrees: features whose own box touches it; absent = all of the county
 */
export const referenceFeatures = (
  tx: Transaction,
  county: string,
  kinds: readonly ContextKind[],
  [west, south, east, north]: Bbox = [-180, -90, 180, 90],
): GeoJsonBytes =>
  tx.bytes(
    `${collection(
      `json_build_object('id', c.id, 'kind', c.kind, 'rank', c.rank, 'class', c.class, 'name', c.name,
         'lengthM', c.length_m, 'areaM2', c.area_m2, 'source', c.source, 'sourceRef', c.source_ref, 'date', c.source_date)`,
      "c.geom",
      "c.kind, c.rank, c.id",
    )} FROM context_feature c WHERE c.county = $1 AND c.kind = ANY($2::text[])
        AND c.west <= $3 AND c.east >= $4 AND c.south <= $5 AND c.north >= $6`,
    [county, kinds, east, west, north, south],
  );

/** Outlines of buildings. One household's home says of nobody that one lives there (`householdsOfBuilding`). */
export const footprintFeatures = (tx: Transaction, county: string): GeoJsonBytes =>
  tx.bytes(
    `${collection(
      "json_build_object('households', nullif(b.households, 1), 'floors', b.floors, 'code', b.scope_code)",
      "b.geom",
      "b.scope_code, b.id",
    )} FROM building b WHERE b.county = $1`,
    [county],
  );

/** Outlines of compounds. */
export const compoundFeatures = (tx: Transaction, county: string): GeoJsonBytes =>
  tx.bytes(
    `${collection(
      `json_build_object('id', 'Compound:' || c.county || ':' || c.id, 'name', c.name, 'kind', c.kind,
        'households', c.households, 'householdsExact', c.households_exact, 'communityCode', c.community_code)`,
      "c.geom",
      "c.community_code, c.name_sort, c.id",
    )} FROM compound c WHERE c.county = $1`,
    [county],
  );
