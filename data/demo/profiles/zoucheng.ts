import { nameSort } from "../../model/name-sort.ts";
import { ZOUCHENG_NAMES } from "../names/zoucheng.ts";
import type { DemoProfile } from "../profile.ts";
import { buildTowns } from "./build-towns.ts";
import { DEMO_SOURCE, publishedFigures } from "./figures.ts";

const SOURCE = "公开报道：邹城市全域社区化";
const NAME = "邹城市";

/** Low hills: many villages without grids, industrial and commercial communities as dedicated grids, SLA 2 h / 2 d / 7 d. */
export const ZOUCHENG: DemoProfile = {
  slug: "zoucheng",
  centre: [116.97, 35.4],
  terrain: "hills",
  profile: {
    county: "370883",
    name: NAME,
    nameEn: "Zoucheng City",
    nameSort: nameSort(NAME),
    timezone: "Asia/Shanghai",
    demo: true,
    gridTerm: "网格",
    source: DEMO_SOURCE,
    figures: publishedFigures(SOURCE, {
      communities: 48,
      grids: 737,
      grid_branches: 310,
      party_groups: 834,
      member_households_total: 2036,
      community_workers: 540,
      worker_posts: 3,
      worker_grades: 18,
      rural_workers: 2650,
      rural_service_teams: 160,
      one_key_callers: 686,
      services_this_year: 14381,
      app_requests_solved: "7000+",
      sla_small_hours: 2,
      sla_slow_days: 2,
      sla_complex_answer_days: 7,
      enterprises_linked: 3266,
      linking_cadres: 86,
      commerce_branches: 18,
      demonstration_posts: 160,
      enterprise_services: 46,
      small_stations: 37,
      volunteer_teams: 5,
      industrial_function_rooms: 10,
      technical_problems_solved: "30+",
      new_employment_part_time: "60+",
      certificates_cancelled: "300+",
      commerce_centre_m2: "1100+",
    }),
  },
  towns: buildTowns({
    names: ZOUCHENG_NAMES,
    seed: "zoucheng",
    urbanGrids: 737,
    dedicatedGrids: 9,
    microGrids: 0,
    compounds: 596,
    ruralGrids: 0,
    householdsPerGrid: [310, 400],
    householdsPerVillage: [120, 320],
  }),
  staffing: {
    // The secretaries of the 310 grid branches lead the grids.
    gridLeaders: 310,
    fullTime: 0,
    partTime: 61,
    judges: 12,
    prosecutors: 10,
    policeOfficers: 48,
    legalWorkers: 32,
    mediators: 96,
    contractedLeaders: 86,
    communityWorkers: 540,
    ruralWorkers: 2650,
  },
  responsibleUnits: 140,
  partnerUnits: 140,
  ownership: { expired: 0.03, unowned: 0.04 },
  cameras: 1500,
  incidents: { reported: 9200, valid: 8890 },
};
