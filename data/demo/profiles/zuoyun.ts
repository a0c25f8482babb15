import { nameSort } from "../../model/name-sort.ts";
import { ZUOYUN_NAMES } from "../names/zuoyun.ts";
import type { DemoProfile } from "../profile.ts";
import { buildTowns } from "./build-towns.ts";
import { DEMO_SOURCE, publishedFigures } from "./figures.ts";

const SOURCE = "中国城市报 2025-04-21 第22版";
const NAME = "左云县";

/** Loess uplands; micro-grids with one responsible unit each, the seven-step flow 民事7步接办. */
export const ZUOYUN: DemoProfile = {
  slug: "zuoyun",
  centre: [112.7, 40.01],
  terrain: "loess",
  profile: {
    county: "140226",
    name: NAME,
    nameEn: "Zuoyun County",
    nameSort: nameSort(NAME),
    timezone: "Asia/Shanghai",
    demo: true,
    gridTerm: "微网格",
    source: DEMO_SOURCE,
    figures: publishedFigures(SOURCE, {
      communities: 7,
      compounds: 89,
      micro_grids: 573,
      joint_councils: 7,
      joint_council_members: "120+",
      participants: "2000+",
      orders: "650+",
      order_satisfaction: 0.98,
      problems_solved: "800+",
      social_organisations: "30+",
      window_items: "20+",
      workflow_steps: 7,
      mediation_levels: 3,
      mediation_days: 7,
    }),
  },
  // 50 grids is our choice: the source counts compounds and micro-grids only.
  towns: buildTowns({
    names: ZUOYUN_NAMES,
    seed: "zuoyun",
    urbanGrids: 50,
    dedicatedGrids: 2,
    microGrids: 573,
    compounds: 89,
    ruralGrids: 0,
    householdsPerGrid: [350, 450],
    householdsPerVillage: [90, 260],
  }),
  staffing: {
    gridLeaders: 25,
    fullTime: 50,
    partTime: 89,
    judges: 3,
    prosecutors: 3,
    policeOfficers: 8,
    legalWorkers: 8,
    mediators: 21,
    contractedLeaders: 28,
    communityWorkers: 70,
    ruralWorkers: 147,
  },
  responsibleUnits: 96,
  partnerUnits: 96,
  ownership: { expired: 0, unowned: 0 },
  cameras: 460,
  incidents: { reported: 6500, valid: 6240 },
};
