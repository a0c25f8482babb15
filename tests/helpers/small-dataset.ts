import { Prng } from "../../data/demo/prng.ts";
import type { AreaKind, AreaRecord, BuildingRecord, CompoundRecord } from "../../data/model/area.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import { creditCheckCharacter } from "../../data/model/codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../../data/model/geometry.ts";
import { type Uuid, uuidV7 } from "../../data/model/ids.ts";
import type { IncidentEventRecord, IncidentRecord } from "../../data/model/incident.ts";

/** How large a dataset of squares is. */
export interface SmallDatasetOptions {
  readonly county?: string;
  /** Grids along one side of each of the four communities (two towns of two). */
  readonly gridsPerSide?: number;
  readonly buildingsPerGrid?: number;
  readonly incidents?: number;
  readonly anchorAt?: string;
}

const WEST = 112.5;
const SOUTH = 39.9;
const CELL_DEG = 0.004;

const onLattice = (lon: number, lat: number): LonLat => [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))];

/** A square ring over cells, counter-clockwise, on the 1e-7 degree lattice. */
function square(x: number, y: number, w: number, h: number): MultiPolygonRings {
  const lon = (n: number): number => Math.round((WEST + n * CELL_DEG) * 1e7) / 1e7;
  const lat = (n: number): number => Math.round((SOUTH + n * CELL_DEG) * 1e7) / 1e7;
  return [
    [
      [
        [lon(x), lat(y)],
        [lon(x + w), lat(y)],
        [lon(x + w), lat(y + h)],
        [lon(x), lat(y + h)],
        [lon(x), lat(y)],
      ],
    ],
  ];
}

/**
 * A small county of squares that fills every table: two towns, four communities, square grids.
 *
 * ```
 * +----+----+
 * | B1 | B2 |   towns A (south) and B (north), two communities each,
 * +----+----+   n × n grids in each community
 * | A1 | A2 |
 * +----+----+
 * ```
 */
export function smallDataset(options: SmallDatasetOptions = {}): CountyDataset {
  const { county = "990001", gridsPerSide: n = 3, buildingsPerGrid = 1, incidents: incidentCount = 40 } = options;
  const anchorAt = options.anchorAt ?? "2026-01-14T16:00:00.000Z";
  const anchor = Date.parse(anchorAt);
  const prng = new Prng(`small/${county}/${n}/${incidentCount}`);
  const id = (at = anchor): Uuid => uuidV7(at, prng.uint32(), prng.uint32(), prng.uint32());
  const areas: AreaRecord[] = [];
  const add = (
    level: AreaLevel,
    kind: AreaKind,
    code: string,
    x: number,
    y: number,
    w: number,
    h: number,
  ): AreaRecord => {
    const households = w * h * 10;
    const area: AreaRecord = {
      id: id(Date.UTC(2024, 0, 1)),
      code,
      level,
      kind,
      name: `区域${code}`,
      nameSort: `quyu ${code}`,
      urban: true,
      households,
      geometry: square(x, y, w, h),
      label: onLattice(WEST + (x + w / 2) * CELL_DEG, SOUTH + (y + h / 2) * CELL_DEG),
    };
    areas.push(area);
    return area;
  };
  add("county", "county", county, 0, 0, 2 * n, 2 * n);
  const grids: { readonly area: AreaRecord; readonly community: string }[] = [];
  const communities: AreaRecord[] = [];
  for (let town = 0; town < 2; town++) {
    const townCode = `${county}00${town + 1}`;
    add("town", "street", townCode, 0, town * n, 2 * n, n);
    for (let side = 0; side < 2; side++) {
      const community = `${townCode}00${side + 1}`;
      communities.push(add("community", "community", community, side * n, town * n, n, n));
      for (let i = 0; i < n * n; i++) {
        const code = `${community}${String(i + 1).padStart(3, "0")}`;
        const grid = add("grid", "basic", code, side * n + (i % n), town * n + Math.floor(i / n), 1, 1);
        grids.push({ area: grid, community });
      }
    }
  }
  const compounds: CompoundRecord[] = communities.map((community) => ({
    id: id(),
    communityCode: community.code,
    kind: "residential",
    name: `${community.name}小区`,
    nameSort: `${community.nameSort} xiaoqu`,
    households: community.households ?? 0,
    geometry: community.geometry,
  }));
  const compoundOf = (community: string): CompoundRecord =>
    compounds.find((item) => item.communityCode === community) as CompoundRecord;
  const buildings: BuildingRecord[] = grids.flatMap(({ area, community }) =>
    Array.from({ length: buildingsPerGrid }, () => ({
      id: id(),
      compoundId: compoundOf(community).id,
      scopeCode: area.code,
      floors: 6,
      households: 10,
      geometry: area.geometry,
      label: area.label,
    })),
  );
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
  const staff = [1, 2].map((k) => ({
    id: id(),
    name: `演示人员${k}`,
    nameSort: `yanshi renyuan ${k}`,
    title: "网格长",
    organisationId: organisation.id,
    workPhone: `199-0000-000${k}`,
  }));
  const post = {
    id: id(),
    kind: "grid_leader" as const,
    organisationId: organisation.id,
    place: "党群服务中心",
    point: [WEST + 0.001, SOUTH + 0.001] as const,
  };
  const { incidents, events } = makeIncidents(incidentCount, grids, organisation.id, anchor, id, prng);
  return {
    profile: {
      county,
      name: `试验县${county}`,
      nameEn: `Test county ${county}`,
      nameSort: `shiyanxian ${county}`,
      timezone: "Asia/Shanghai",
      demo: true,
      anchorAt,
      gridTerm: "网格",
      figures: [{ key: "grids", value: grids.length, source: "test" }],
      source: "演示数据",
    },
    extraClasses: [],
    areas,
    compounds,
    gridCompounds: grids.map(({ area, community }) => ({
      gridId: area.id,
      compoundId: compoundOf(community).id,
      share: 1 / (n * n),
    })),
    buildings,
    context: [
      {
        id: id(),
        kind: "road",
        rank: "arterial",
        name: "迎宾路",
        geometry: {
          type: "MultiLineString",
          coordinates: [
            [
              [WEST, SOUTH],
              [WEST + 0.01, SOUTH + 0.01],
            ],
          ],
        },
      },
      {
        id: id(),
        kind: "water",
        rank: "lake",
        name: null,
        geometry: { type: "MultiPolygon", coordinates: square(0, 0, 1, 1) },
      },
    ],
    organisations: [organisation],
    organisationRoles: grids.map(({ area }) => ({
      id: id(),
      organisationId: organisation.id,
      areaId: area.id,
      role: "responsible",
      contractNo: null,
      from: "2024-12-31T16:00:00.000Z",
      to: null,
    })),
    posts: [post],
    postAreas: grids.map(({ area }) => ({ postId: post.id, areaId: area.id, lead: true })),
    staff,
    postHolders: staff.map((person, k) => ({
      postId: post.id,
      staffId: person.id,
      slot: k === 0 ? "A" : "B",
      from: "2024-12-31T16:00:00.000Z",
      to: null,
    })),
    shifts: [{ id: id(), postId: post.id, slot: "A", weekdays: 31, startMinute: 480, endMinute: 1080 }],
    absences: [
      {
        id: id(),
        staffId: (staff[0] as { id: Uuid }).id,
        from: "2026-01-12T16:00:00.000Z",
        to: "2026-01-13T16:00:00.000Z",
      },
    ],
    cameras: grids.map(({ area }, k) => ({
      id: id(),
      deviceCode: `${county}000013${1 + (k % 2)}${String(k).padStart(7, "0")}`,
      name: `摄像机${k}`,
      network: "xueliang",
      status: "online",
      manufacturer: null,
      model: null,
      ownerOrganisationId: organisation.id,
      ptzType: 3,
      positionType: null,
      indoor: false,
      azimuthDeg: 90,
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
    incidents,
    incidentEvents: events,
    admissionItems: [
      {
        id: id(),
        department: "民政局",
        organisationId: organisation.id,
        item: "为老助老",
        classes: ["81007", "82"],
        kind: "undertake",
        batch: "第一批",
      },
      {
        id: id(),
        department: "城市管理局",
        organisationId: null,
        item: "违法建设的查处不得交由网格员承担",
        classes: ["06001"],
        kind: "forbidden",
        batch: "第一批",
      },
    ],
  };
}

function makeIncidents(
  count: number,
  grids: readonly { readonly area: AreaRecord }[],
  organisationId: Uuid,
  anchor: number,
  id: (at?: number) => Uuid,
  prng: Prng,
): { readonly incidents: IncidentRecord[]; readonly events: IncidentEventRecord[] } {
  const incidents: IncidentRecord[] = [];
  const events: IncidentEventRecord[] = [];
  const states = ["found", "accepted", "dispatched", "handling", "closed"] as const;
  for (let k = 0; k < count; k++) {
    const opened = anchor - Math.floor(prng.float() * 365 * 86_400_000);
    const { area } = prng.pick(grids);
    const incident: IncidentRecord = {
      id: id(opened),
      ref: k + 1,
      // Every fifth is a dispute: a sensitive class, which is drawn at its area's label point.
      classCode: k % 5 === 4 ? "80001" : "01001",
      severity: "normal",
      source: "patrol",
      state: "closed",
      title: `路灯不亮\t第${k}件`,
      point: onLattice(area.label[0] + 0.001, area.label[1] - 0.001),
      gridId: area.id,
      gridCodeAt: area.code,
      scopeCode: area.code,
      openedAt: new Date(opened).toISOString(),
      dueAt: new Date(opened + 86_400_000).toISOString(),
      firstAnswerAt: new Date(opened + 600_000).toISOString(),
      closedAt: new Date(opened + 7_200_000).toISOString(),
      sourceVerdict: null,
      border: false,
      suspicious: false,
      sourceRef: null,
      organisationId,
    };
    incidents.push(incident);
    states.forEach((toState, seq) => {
      const at = opened + seq * 1_800_000;
      events.push({
        id: id(at),
        incidentId: incident.id,
        seq: seq + 1,
        fromState: seq === 0 ? null : (states[seq - 1] ?? null),
        toState,
        actor: "网格员",
        at: new Date(at).toISOString(),
        note: null,
      });
    });
  }
  return { incidents, events };
}
