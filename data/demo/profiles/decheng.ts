import { nameSort } from "../../model/name-sort.ts";
import { DECHENG_NAMES } from "../names/decheng.ts";
import type { DemoProfile } from "../profile.ts";
import { buildTowns } from "./build-towns.ts";
import { DEMO_SOURCE, publishedFigures } from "./figures.ts";

const SOURCE = "公开报道：德州市德城区社区治理";
const NAME = "德城区";

/** The seven communities resized to about 3,000 households; which seven they were is not published, these are our choice. */
const RESIZED_GRIDS: ReadonlyMap<string, number> = new Map([
  ["康乐社区", 8],
  ["丰华社区", 7],
  ["新河社区", 7],
  ["乾城社区", 8],
  ["东方家园社区", 7],
  ["长乐社区", 7],
  ["三里庄社区", 8],
]);

/** Plain city: 137 new urban grids of 300–500 households, seven resized communities, A/B posts. */
export const DECHENG: DemoProfile = {
  slug: "decheng",
  centre: [116.3, 37.45],
  terrain: "plain",
  profile: {
    county: "371402",
    name: NAME,
    nameEn: "Decheng District",
    nameSort: nameSort(NAME),
    timezone: "Asia/Shanghai",
    demo: true,
    gridTerm: "网格",
    source: DEMO_SOURCE,
    figures: publishedFigures(SOURCE, {
      grids_urban_new: 137,
      communities_resized: 7,
      community_target_households: 3000,
      grid_households_min: 300,
      grid_households_max: 500,
      admission_undertake: 12,
      admission_assist: 26,
      refused_stamps: 20,
      young_cadres: 74,
      cadre_streets: 4,
      staff_per_community: "10+",
      whistle_classes: 3,
      whistle_items: "20+",
      assessment_weight: 1 / 3,
      support_yuan: "2000000+",
      venues_opened: 31,
      data_departments: 19,
      items_moved_down: 167,
      app_functions: "10+",
      centre_functions: "20+",
      signage_items: 12,
      neighbour_centres: 9,
      non_profits_before: 12,
      social_organisations: 141,
    }),
  },
  towns: buildTowns({
    names: DECHENG_NAMES,
    seed: "decheng",
    urbanGrids: 137,
    dedicatedGrids: 0,
    microGrids: 0,
    compounds: 168,
    ruralGrids: 0,
    householdsPerGrid: [375, 430],
    householdsPerVillage: [110, 300],
    gridsOf: (place) => RESIZED_GRIDS.get(place.name),
  }),
  staffing: {
    // AB岗: leader and worker of a grid stand in for each other; community workers fill each community up to ten.
    gridLeaders: 137,
    fullTime: 137,
    partTime: 0,
    judges: 8,
    prosecutors: 8,
    policeOfficers: 64,
    legalWorkers: 28,
    mediators: 64,
    contractedLeaders: 74,
    communityWorkers: 424,
    ruralWorkers: 62,
  },
  responsibleUnits: 62,
  partnerUnits: 62,
  ownership: { expired: 0.05, unowned: 0.04 },
  cameras: 900,
  incidents: { reported: 5200, valid: 5010 },
};
