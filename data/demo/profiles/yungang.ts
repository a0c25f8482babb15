import { nameSort } from "../../model/name-sort.ts";
import { YUNGANG_NAMES } from "../names/yungang.ts";
import type { DemoProfile } from "../profile.ts";
import { buildTowns } from "./build-towns.ts";
import { DEMO_SOURCE, publishedFigures } from "./figures.ts";

const SOURCE = "公开报道：大同市云冈区网格化服务管理";
const NAME = "云冈区";

/** Mining district: urban and rural grids, one worker per grid, 警网融合 and 五员进网. */
export const YUNGANG: DemoProfile = {
  slug: "yungang",
  centre: [113.15, 40.0],
  terrain: "mining",
  profile: {
    county: "140214",
    name: NAME,
    nameEn: "Yungang District",
    nameSort: nameSort(NAME),
    timezone: "Asia/Shanghai",
    demo: true,
    gridTerm: "网格",
    source: DEMO_SOURCE,
    figures: publishedFigures(SOURCE, {
      towns: 27,
      grids: 810,
      grids_urban: 561,
      grids_rural: 249,
      grid_leaders: 246,
      grid_workers: 810,
      grid_workers_full_time: 561,
      grid_workers_part_time: 249,
      judges: 15,
      prosecutors: 27,
      police_officers: 149,
      legal_workers: 158,
      mediators: 286,
      five_professions: 635,
      reported: 30528,
      valid: 29269,
      closing_rate_of_valid: 1,
      admission_departments: 11,
      admission_items: 43,
      daily_duties: 6,
      visits_per_month: 1,
      police_per_community: 1,
      auxiliaries_per_community: 2,
      auxiliaries_per_village: 1,
      training_sessions: 5,
      media_columns: 12,
      media_articles: 185,
    }),
  },
  towns: buildTowns({
    names: YUNGANG_NAMES,
    seed: "yungang",
    urbanGrids: 561,
    dedicatedGrids: 9,
    microGrids: 0,
    compounds: 462,
    ruralGrids: 249,
    householdsPerGrid: [320, 440],
    householdsPerVillage: [110, 240],
  }),
  staffing: {
    gridLeaders: 246,
    fullTime: 561,
    partTime: 249,
    judges: 15,
    prosecutors: 27,
    policeOfficers: 149,
    legalWorkers: 158,
    mediators: 286,
    // 包联: one town or street leader for each community and village.
    contractedLeaders: 244,
    communityWorkers: 0,
    ruralWorkers: 0,
  },
  responsibleUnits: 150,
  partnerUnits: 150,
  ownership: { expired: 0.04, unowned: 0.05 },
  cameras: 1600,
  incidents: { reported: 30528, valid: 29269 },
};
