import { Prng } from "../../../data/demo/prng.ts";
import type { CameraRecord } from "../../../data/model/camera.ts";
import { creditCheckCharacter } from "../../../data/model/codes.ts";
import type { CountyDataset } from "../../../data/model/dataset.ts";
import { type Uuid, uuidV7 } from "../../../data/model/ids.ts";
import { BENCH_COUNTY, benchGeography } from "./bench-geography.ts";

/** What is "today" in the data of the benchmarks. */
export const BENCH_NOW = "2026-01-14T16:00:00.000Z";

const STAFF_PER_GRID = 3;
const CAMERAS_PER_GRID = 10;

/** The benchmarks' county without cases: areas, a post with three people for each grid, ten cameras in each grid. */
export function benchDataset(): CountyDataset {
  const { areas, grids } = benchGeography();
  const prng = new Prng("bench/people");
  const id = (): Uuid => uuidV7(Date.UTC(2024, 5, 1), prng.uint32(), prng.uint32(), prng.uint32());
  const credit = "91140226MA0K00001";
  const organisation = {
    id: id(),
    kind: "government_organ" as const,
    name: "县住建局",
    nameSort: "xian zhujianju",
    creditCode: credit + creditCheckCharacter(credit),
    unitLevel: 1 as const,
    dutyPhone: "000-00000001",
  };
  const from = "2024-12-31T16:00:00.000Z";
  const posts = grids.map(({ area }) => ({
    id: id(),
    kind: "grid_leader" as const,
    organisationId: organisation.id,
    place: "党群服务中心",
    point: area.label,
  }));
  const postOf = (i: number): Uuid => (posts[i] as { id: Uuid }).id;
  const staff = grids.flatMap(({ area }, i) =>
    Array.from({ length: STAFF_PER_GRID }, (_, k) => ({
      id: id(),
      name: `网格员${i + 1}-${k + 1}`,
      nameSort: `wanggeyuan ${area.code} ${k + 1}`,
      title: k === 0 ? "网格长" : "专职网格员",
      organisationId: organisation.id,
      workPhone: `199-0000-${String((i * STAFF_PER_GRID + k) % 10_000).padStart(4, "0")}`,
    })),
  );
  const postHolders = staff.map((person, n) => ({
    postId: postOf(Math.floor(n / STAFF_PER_GRID)),
    staffId: person.id,
    slot: n % STAFF_PER_GRID === 0 ? ("A" as const) : ("B" as const),
    from,
    to: null,
  }));
  const cameras: CameraRecord[] = grids.flatMap(({ area }, i) =>
    Array.from({ length: CAMERAS_PER_GRID }, (_, k) => ({
      id: id(),
      deviceCode: `${BENCH_COUNTY}000013${1 + (k % 2)}${String(i * CAMERAS_PER_GRID + k).padStart(7, "0")}`,
      name: `摄像机${i + 1}-${k + 1}`,
      network: "xueliang" as const,
      status: "online" as const,
      manufacturer: null,
      model: null,
      ownerOrganisationId: organisation.id,
      ptzType: 3,
      positionType: null,
      indoor: false,
      azimuthDeg: (k * 36) % 360,
      angleDeg: 60,
      rangeM: 80,
      point: area.label,
      scopeCode: area.code,
      legalBasis: "7-1",
      sign: true,
      filingNo: null,
      inUseSince: "2024-05-01",
      retentionDays: 30,
    })),
  );
  return {
    profile: {
      county: BENCH_COUNTY,
      name: "基准县",
      nameEn: "Benchmark county",
      nameSort: "jizhunxian",
      timezone: "Asia/Shanghai",
      demo: true,
      anchorAt: BENCH_NOW,
      gridTerm: "网格",
      figures: [{ key: "grids", value: grids.length, source: "bench" }],
      source: "演示数据",
    },
    extraClasses: [],
    areas,
    compounds: [],
    gridCompounds: [],
    buildings: [],
    context: [],
    organisations: [organisation],
    organisationRoles: [],
    posts,
    postAreas: grids.map(({ area }, i) => ({ postId: postOf(i), areaId: area.id, lead: true })),
    staff,
    postHolders,
    shifts: posts.map(({ id: postId }) => ({
      id: id(),
      postId,
      slot: "A" as const,
      weekdays: 127,
      startMinute: 480,
      endMinute: 1080,
    })),
    absences: [],
    cameras,
    incidents: [],
    incidentEvents: [],
  };
}
