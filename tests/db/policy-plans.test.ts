import { beforeAll, expect, it } from "vitest";
import type { Database, Transaction } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { listAreas, neighbourAreas } from "../../db/repositories/area-repository.ts";
import { listCameras } from "../../db/repositories/camera-repository.ts";
import type { IncidentReading } from "../../db/repositories/incident-filter.ts";
import {
  countIncidents,
  incidentsById,
  incidentsByRef,
  listIncidents,
} from "../../db/repositories/incident-repository.ts";
import { locateInCounty } from "../../db/repositories/locate-repository.ts";
import { searchCounty } from "../../db/repositories/search-repository.ts";
import { listStaff } from "../../db/repositories/staff-repository.ts";
import { incidentStats } from "../../db/repositories/stats-repository.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { explaining, type Scan } from "../helpers/explain.ts";
import type { ViewerScope } from "../helpers/seat-oracle.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

/** Statements use indexes as the restricted role (data rule 7): a PostGIS index is of no use under a policy. */
const A = "990001";
const TOWN = `${A}001`;
const NOW = "2026-01-15T00:00:00.000Z";
const reading: IncidentReading = { county: A, asOf: NOW, now: NOW };
const bbox = [112.501, 39.901, 112.506, 39.906] as const;
const viewer = (role: ViewerScope["role"], area: string): ViewerScope => ({
  kind: "viewer",
  county: A,
  role,
  area,
  account: null,
  visitor: false,
});
const SEATS = (["leader", "wall", "dispatcher"] as const).flatMap((role) => [viewer(role, A), viewer(role, TOWN)]);

type Case = readonly [
  name: string,
  /** Table and what its index must compare, beside the county: columns, or alternatives of them. */
  needs: Readonly<Record<string, readonly string[]>>,
  run: (tx: Transaction, inside: string) => Promise<unknown>,
];
const CASES: readonly Case[] = [
  [
    "cases in a box",
    { incident: ["cell"] },
    (tx, inside) => listIncidents(tx, reading, { inside, bbox }, "newest", undefined, 50),
  ],
  [
    "statistics in a box",
    { incident: ["cell"] },
    (tx, inside) => incidentStats(tx, reading, { inside, bbox }, ["class"], "Asia/Shanghai", 100),
  ],
  ["cameras in a box", { camera: ["cell"] }, (tx, inside) => listCameras(tx, A, { inside, bbox }, undefined, 50)],
  ["locate", { area_version: ["west", "east", "south", "north"] }, (tx) => locateInCounty(tx, A, 112.503, 39.903, NOW)],
  ["neighbours", { area_version: [] }, (tx) => neighbourAreas(tx, A, [`${TOWN}001001`], NOW)],
  [
    "areas of a town",
    { area_version: ["code"] },
    (tx) => listAreas(tx, A, { inside: TOWN, at: NOW }, "code", undefined, 50),
  ],
  [
    "newest cases of a town",
    { incident: ["scope_code"] },
    (tx) => countIncidents(tx, reading, { inside: `${TOWN}001` }),
  ],
  [
    "a case by id",
    { incident: ["id|scope_code"] },
    (tx) => incidentsById(tx, reading, ["01941f29-7c00-7000-8000-000000000001"]),
  ],
  ["a case by number", { incident: ["ref|scope_code"] }, (tx) => incidentsByRef(tx, reading, [7])],
  [
    "search",
    { area_version: [], organisation: [], duty_staff: [], post_holder: [] },
    (tx) => searchCounty(tx, A, "yanshi", NOW, 20),
  ],
  [
    "staff of a town",
    { duty_staff: [], post_holder: [], post_area: [], area_version: ["code"] },
    (tx) => listStaff(tx, A, { inside: TOWN, at: NOW }, undefined, 50),
  ],
];

const POST = "01941f29-7c00-7000-8000-000000000001";
const mine = { account: POST, role: "dispatcher", area: TOWN } as const;
/** Lists of a person and a post, for who reads whose a case is. Without the open ones alone, which have an index of their own. */
const QUEUES: readonly Case[] = [
  [
    "cases that one has, or that wait for one's role",
    { incident: ["handler_id|inbox_role"] },
    (tx, inside) => countIncidents(tx, reading, { inside, mine }),
  ],
  ["cases of a post", { incident: ["post_id"] }, (tx, inside) => countIncidents(tx, reading, { inside, postId: POST })],
];

describeOnBothDatabases("plans under row-level security", (open) => {
  let database: Database;
  const other = "990002";
  beforeAll(async () => {
    database = (await open()).database;
    for (const county of [A, other])
      await loadCounty(database, smallDataset({ county, gridsPerSide: 6, incidents: 800 }), { now: NOW });
  });
  const plan = (scope: ViewerScope, work: (tx: Transaction) => Promise<unknown>): Promise<Scan[]> =>
    database.transaction(scope, (tx) => explaining(tx, false, work));

  it.each(
    [
      ...CASES.flatMap((one) => SEATS.map((scope) => [scope, one] as const)),
      ...QUEUES.flatMap((one) =>
        SEATS.filter(({ role, area }) => role !== "wall" && area === A).map((scope) => [scope, one] as const),
      ),
    ].map(([scope, [name, needs, run]]) => [`${scope.role} of ${scope.area}`, name, scope, needs, run] as const),
  )("%s: %s uses an index", async (_seat, _name, scope, needs, run) => {
    const scans = await plan(scope, (tx) => run(tx, scope.area));
    for (const [table, columns] of Object.entries(needs)) {
      const own = scans.filter((scan) => scan.table === table);
      expect(own.length, `${table} is not read`).toBeGreaterThan(0);
      const served = own.filter(
        ({ condition }) =>
          condition.includes("county") && columns.every((column) => new RegExp(`\\b(${column})\\b`).test(condition)),
      );
      expect(served, `${table}: ${JSON.stringify(own)}`).not.toEqual([]);
      // No table of the county is read past its index.
      expect(own.filter(({ index }) => index === undefined)).toEqual([]);
    }
  });

  it("the policy of a part is an index condition itself, without any in the statement", async () => {
    const scans = await plan(viewer("leader", TOWN), (tx) => countIncidents(tx, reading, { inside: A }));
    const own = scans.filter(({ table }) => table === "incident");
    // Where a month holds a page of rows, the planner may take any index of the county.
    expect(own.filter(({ condition }) => /scope_code .*scope_from/.test(condition))).not.toEqual([]);
  });

  it("the policy of a whole county costs nothing: it folds into the statement's own condition", async () => {
    const scans = await plan(viewer("leader", A), (tx) => countIncidents(tx, reading, { inside: A }));
    for (const { table, condition } of scans)
      if (table === "incident") expect(condition).not.toContain("current_setting");
  });

  it("an index of PostGIS does not serve under a policy, which is why there are cells and boxes", async () => {
    const sql = `SELECT v.code FROM area_version v WHERE v.county = $1 AND v.geom && ST_MakeEnvelope(112.5, 39.9, 112.501, 39.901, 4326)`;
    const indexes = (scans: Scan[]) => scans.map(({ index }) => index);
    expect(indexes(await plan(viewer("leader", A), (tx) => tx.rows(sql, [A])))).not.toContain("area_version_geom");
    const owner = await database.transaction({ kind: "loader", county: A }, (tx) =>
      explaining(tx, false, (own) => own.rows(sql, [A])),
    );
    expect(indexes(owner)).toContain("area_version_geom");
  });

  it.each(SEATS.map((scope) => [`${scope.role} of ${scope.area}`, scope] as const))(
    "%s: the queue of a county is read in the order of its index, not sorted",
    async (_, scope) => {
      // Whoever sees a town only reads that town's cases by their area; the order matters where there are many.
      const scans = await plan({ ...scope, area: A }, (tx) =>
        listIncidents(tx, reading, { inside: A, open: true }, "due", undefined, 50),
      );
      const own = scans.filter((scan) => scan.table === "incident");
      expect(own.length).toBeGreaterThan(0);
      for (const { index } of own) expect(index).toMatch(/due/);
    },
  );
});
