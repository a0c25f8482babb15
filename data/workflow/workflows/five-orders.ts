import { buildWorkflow } from "../build.ts";

/** “五单” (domain.md ZY13): residents order, the platform dispatches, grid workers fulfil, residents track and rate. */
export const FIVE_ORDERS = buildWorkflow({
  key: "five-orders",
  version: 1,
  name: "五单",
  nameEn: "Five orders",
  steps: [
    { key: "ordered", state: "found", name: "点单", nameEn: "Ordered" },
    { key: "dispatched", state: "dispatched", name: "派单", nameEn: "Dispatch" },
    { key: "fulfilled", state: "handling", name: "落单", nameEn: "Fulfil" },
    { key: "tracked", state: "fed_back", name: "查单", nameEn: "Track" },
    { key: "rated", state: "evaluated", name: "评单", nameEn: "Rate" },
  ],
});
