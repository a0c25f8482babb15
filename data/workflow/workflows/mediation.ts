import { buildWorkflow } from "../build.ts";

/**
 * “三级七天调解法” (domain.md ZY7): a dispute rises from the grid to the community to the town; each level is a step of its
 * own, and the seven days run from the first opening whatever the level. Without an agreement at the town it ends with the
 * parties told where the law leads.
 */
export const MEDIATION = buildWorkflow({
  key: "mediation",
  version: 1,
  name: "三级七天调解",
  nameEn: "Mediation at three levels in seven days",
  steps: [
    { key: "registered", state: "found", name: "登记", nameEn: "Registered" },
    { key: "accepted", state: "accepted", name: "受理", nameEn: "Accept" },
    { key: "grid", state: "handling", name: "网格调解", nameEn: "Mediate in the grid" },
    {
      key: "community",
      state: "handling",
      name: "社区调解",
      nameEn: "Mediate in the community",
      by: ["上调社区", "Pass up to the community"],
      requires: ["reason"],
    },
    {
      key: "town",
      state: "handling",
      name: "镇街调解",
      nameEn: "Mediate in the town",
      by: ["上调镇街", "Pass up to the town"],
      requires: ["reason"],
    },
    {
      key: "agreed",
      state: "fed_back",
      name: "达成协议",
      nameEn: "Agreed",
      by: ["达成协议", "Agree"],
      after: ["grid", "community", "town"],
    },
    {
      key: "closed",
      state: "closed",
      name: "结案",
      nameEn: "Closed",
      by: ["结案", "Close"],
      after: ["agreed", "town"],
      roles: ["dispatcher", "leader"],
      requires: ["resolution"],
    },
  ],
  reworkTo: ["grid", "community", "town"],
});
