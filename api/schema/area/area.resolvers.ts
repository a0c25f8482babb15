import { codePath } from "../../../data/model/codes.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { type AreaListFilter, countAreas, listAreas } from "../../../db/repositories/area-repository.ts";
import { inCounty, nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { AreaLineageModel, AreaRow } from "../../mappers.ts";
import { countsFor, staffCountsFor } from "../../services/area-counts.ts";
import { areaOfLine, predecessorsPage, successorsPage } from "../../services/lineage.ts";
import {
  areaByCode,
  areaById,
  areaChildCount,
  areaChildren,
  areaGeometry,
  areaNeighbours,
  compoundCountOfArea,
  compoundGeometry,
  compoundsOfArea,
  dutyOfArea,
  responsibilityOfArea,
  rollupOfArea,
  sharesOfCompound,
  staffOnDutyInside,
  summaryOfArea,
} from "../../services/loaders.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { reads, requireAreaEver, requireCounty, requireInside } from "../../services/require.ts";
import { required } from "../../services/required.ts";
import { search } from "../../services/search.ts";

/** Smallest UUID: before every row of the same name. */
const NIL_UUID = "00000000-0000-0000-0000-000000000000";

export const areaResolvers = {
  Query: {
    area: (_, { code, at }, context) => requireAreaEver(context, code, at),
    grid: (_, { code, at }, context) => requireAreaEver(context, code, at, ["grid", "micro"]),
    areas: async (_, { filter, orderBy, first, after }, context) => {
      const at = filter.at ?? nowIso(context);
      const { county } = await requireInside(context, filter.inside, at, "map");
      const list = `areas:${orderBy}`;
      const size = pageSize(first);
      const key = decodeTextCursor(list, after, orderBy === "name" ? 2 : 1);
      const conditions: AreaListFilter = { ...filter, at };
      const rows = await inCounty(context, county, (tx) => listAreas(tx, county, conditions, orderBy, key, size + 1));
      return makePage(
        list,
        rows,
        size,
        (row) => (orderBy === "name" ? [row.nameSort, row.id] : [row.code]),
        () => inCounty(context, county, (tx) => countAreas(tx, county, conditions)),
      );
    },
    search: (_, { county, text, first }, context) => search(context, county, text, first),
  },

  Area: {
    id: (area) => toGlobalId("Area", area.county, area.id),
    label: (area) => [area.lon, area.lat],
    geometry: async (area, _, context) =>
      required(await areaGeometry(context, area.county).load(area.versionId), `boundary of ${area.code}`),
    ancestors: async (area, _, context) => {
      const codes = codePath(area.code).slice(0, -1);
      const found = await Promise.all(codes.map((code) => areaByCode(context, area.county, area.at).load(code)));
      return found.filter((ancestor): ancestor is AreaRow => ancestor !== undefined);
    },
    children: async (area, { first, after }, context) => {
      const size = pageSize(first, 1000);
      const [key = ""] = decodeTextCursor("children", after, 1) ?? [];
      const rows = await areaChildren(context, area.county, area.at, key, size + 1).load(area.code);
      return makePage(
        "children",
        rows ?? [],
        size,
        (row) => [row.code],
        async () => (await areaChildCount(context, area.county, area.at).load(area.code)) ?? 0,
      );
    },
    neighbours: async (area, _, context) => (await areaNeighbours(context, area.county, area.at).load(area.code)) ?? [],
    successors: (area, { first, after, since }, context) => successorsPage(context, area, first, after, since),
    predecessors: (area, { first, after, since }, context) => predecessorsPage(context, area, first, after, since),
    counts: (area, _, context) => countsFor(context, area),
    publishedCameras: async (area, _, context) => [
      ...((await rollupOfArea(context, area.county).load(area.code))?.networks ?? []),
    ],
    responsible: (area, _, context) =>
      reads(context, "duty", area.code) ? responsibilityOfArea(context, area.county, area.at).load(area.code) : null,
    staffLinks: async (area, { at }, context) =>
      reads(context, "duty", area.code)
        ? dutyOfArea(context, await requireCounty(context, area.county), area.code, at ?? area.at)
        : null,
    onDuty: async (area, { at }, context) =>
      reads(context, "duty", area.code)
        ? staffOnDutyInside(context, await requireCounty(context, area.county), area.code, at ?? area.at)
        : null,
    compounds: async (area, { first, after }, context) => {
      const size = pageSize(first);
      const [name = "", id = NIL_UUID] = decodeTextCursor("compounds", after, 2) ?? [];
      const rows = await compoundsOfArea(context, area.county, area.at, name, id, size + 1).load(area.code);
      return makePage(
        "compounds",
        rows ?? [],
        size,
        (row) => [row.nameSort, row.id],
        async () => (await compoundCountOfArea(context, area.county, area.at).load(area.code)) ?? 0,
      );
    },
    incidentSummary: async (area, _, context) => {
      if (!reads(context, "incident", area.code)) return null;
      const { asOf } = await requireCounty(context, area.county);
      return required(await summaryOfArea(context, area.county, asOf).load(area.code), `incidents of ${area.code}`);
    },
  },
  AreaConnection: connectionResolvers<AreaRow>(),
  AreaLineage: { area: (line, _, context) => areaOfLine(context, line) },
  AreaLineageConnection: connectionResolvers<AreaLineageModel>(),
  AreaCounts: {
    staff: ({ area }, _, context) => staffCountsFor(context, area),
  },

  Compound: {
    id: (compound) => toGlobalId("Compound", compound.county, compound.id),
    geometry: async (compound, _, context) =>
      required(await compoundGeometry(context, compound.county).load(compound.id), `boundary of ${compound.name}`),
    grids: async ({ county, id, at }, _, context) =>
      ((await sharesOfCompound(context, county).load(id)) ?? []).map((share) => ({ ...share, county, at })),
  },
  CompoundConnection: connectionResolvers(),
  CompoundShare: {
    grid: async ({ county, gridId, at }, _, context) =>
      required(await areaById(context, county, at).load(gridId), `grid ${gridId}`),
  },
} satisfies Resolvers;
