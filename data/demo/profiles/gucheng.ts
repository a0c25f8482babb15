import { nameSort } from "../../model/name-sort.ts";
import { GUCHENG_NAMES } from "../names/gucheng.ts";
import type { TownNames } from "../names/town-names.ts";
import type { DemoProfile } from "../profile.ts";
import { buildTowns } from "./build-towns.ts";
import { DEMO_SOURCE, publishedFigures } from "./figures.ts";

const SOURCE = "公开报道：故城县城市社区网格化治理";
const NAME = "故城县";
/** 郑口镇, the county seat. */
const SEAT = "131126100";
/**
 * The division list has no residents' committee here, the source counts 13: the first four names are published
 * (幸福, 帝奥, 杏林, 凤凰), the other nine and all thirteen codes are made up.
 */
const COMMUNITIES =
  "001幸福社区 002帝奥社区 003杏林社区 004凤凰社区 005运河社区 006龙凤社区 007广场社区 008康宁社区 009文昌社区 010京杭社区 011青年社区 012中兴社区 013和平社区";

const NAMES: readonly TownNames[] = GUCHENG_NAMES.map((town) =>
  town.code === SEAT ? { ...town, places: [COMMUNITIES, ...town.places] } : town,
);

/** Canal plain: 111 grids, each with its contracted leader, and the closed loop 提事 议事 决事 办事 评事. */
export const GUCHENG: DemoProfile = {
  slug: "gucheng",
  centre: [115.97, 37.35],
  terrain: "canal",
  profile: {
    county: "131126",
    name: NAME,
    nameEn: "Gucheng County",
    nameSort: nameSort(NAME),
    timezone: "Asia/Shanghai",
    demo: true,
    gridTerm: "网格",
    source: DEMO_SOURCE,
    figures: publishedFigures(SOURCE, {
      communities: 13,
      first_secretaries: 13,
      compounds: 120,
      grids: 111,
      grid_households_min: 300,
      grid_households_max: 500,
      contracted_cadres: 111,
      party_members: 628,
      volunteer_sessions: "200+",
      listenings: 519,
      policy_talks: 782,
      disputes_settled: 14,
      urgent_problems: 226,
      urgent_problems_solved_rate: 1,
      training_classes: "10+",
      community_workers: 163,
      meetings: 52,
      problems_solved: 39,
      visiting_workers: 111,
      households_visited: 10536,
      opinions: 511,
      solar_lamps: 363,
      bungalow_yards: 18,
      back_streets: 117,
      workflow_steps: 5,
      craft_compounds: "90+",
    }),
  },
  towns: buildTowns({
    names: NAMES,
    seed: "gucheng",
    urbanGrids: 111,
    dedicatedGrids: 0,
    microGrids: 0,
    compounds: 120,
    ruralGrids: 0,
    householdsPerGrid: [340, 450],
    householdsPerVillage: [90, 240],
  }),
  staffing: {
    gridLeaders: 39,
    fullTime: 111,
    partTime: 222,
    judges: 4,
    prosecutors: 4,
    policeOfficers: 13,
    legalWorkers: 13,
    mediators: 39,
    contractedLeaders: 111,
    communityWorkers: 163,
    ruralWorkers: 538,
  },
  responsibleUnits: 48,
  partnerUnits: 48,
  ownership: { expired: 0.05, unowned: 0.05 },
  cameras: 680,
  incidents: { reported: 3400, valid: 3280 },
};
