import { nameSort } from "../../model/name-sort.ts";
import { JINTA_NAMES } from "../names/jinta.ts";
import type { DemoProfile } from "../profile.ts";
import { buildTowns } from "./build-towns.ts";
import { DEMO_SOURCE, publishedFigures } from "./figures.ts";

const SOURCE = "公开报道 2020-11-24：金塔县城市社区党建";
const NAME = "金塔县";
/** 金塔镇: its four residents' committees are the four communities of the source; 生地湾 lies on a farm and counts as rural. */
const JINTA_TOWN = "620921102";

/** Oasis in the desert: 一长四员 in each of 51 grids, 四包 contracts, six-step deliberation. */
export const JINTA: DemoProfile = {
  slug: "jinta",
  centre: [98.9, 39.98],
  terrain: "oasis",
  profile: {
    county: "620921",
    name: NAME,
    nameEn: "Jinta County",
    nameSort: nameSort(NAME),
    timezone: "Asia/Shanghai",
    demo: true,
    gridTerm: "网格",
    source: DEMO_SOURCE,
    figures: publishedFigures(SOURCE, {
      communities: 4,
      grids: 51,
      units: 156,
      working_committee_members: 14,
      part_time_committee_members: 40,
      hard_problems_settled: 15,
      deliberated_matters: 35,
      activities: 497,
      claims: 585,
      sessions: 238,
      practical_things: 318,
      practical_things_yuan: 357000,
      requests_solved: 120,
      hazards_removed: 62,
      disputes_settled: 75,
      leaders_per_grid: 1,
      staff_per_grid: 4,
      workflow_steps: 6,
      contract_tiers: 4,
      pledge_publicity: 98,
      pledge_volunteering: 80,
      pledge_households_helped: 81,
      pledge_disputes_mediated: 50,
    }),
  },
  towns: buildTowns({
    names: JINTA_NAMES,
    seed: "jinta",
    urbanGrids: 51,
    dedicatedGrids: 0,
    microGrids: 0,
    compounds: 64,
    ruralGrids: 0,
    householdsPerGrid: [340, 450],
    householdsPerVillage: [90, 260],
    isCommunity: (place) => place.code.startsWith(JINTA_TOWN) && Number(place.code.slice(9)) < 200,
  }),
  staffing: {
    // 一长四员: a leader, one full-time and three part-time workers in each grid.
    gridLeaders: 51,
    fullTime: 51,
    partTime: 153,
    judges: 2,
    prosecutors: 2,
    policeOfficers: 8,
    legalWorkers: 10,
    mediators: 20,
    // The part-time members of the four 大党委, ten a community.
    contractedLeaders: 40,
    communityWorkers: 48,
    ruralWorkers: 95,
  },
  // 四包: first-level units answer for grids, the other partners for compounds and buildings.
  responsibleUnits: 38,
  partnerUnits: 156,
  ownership: { expired: 0.06, unowned: 0.04 },
  cameras: 320,
  incidents: { reported: 1920, valid: 1846, validOfMajor: { "80": 75, "81": 120, "82": 62 } },
};
