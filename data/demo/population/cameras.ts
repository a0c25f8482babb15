import type { CameraNetwork, CameraRecord, CameraStatus, PtzType } from "../../model/camera.ts";
import type { Uuid } from "../../model/ids.ts";
import { DAY_MS, type DemoContext, isoOf, nextId } from "./demo-context.ts";
import type { Organisations } from "./organisations.ts";
import type { Site, Sites } from "./sites.ts";

/** Networks with their share, their network digit (0/1 police, 2 trade, 6 e-government) and industry digits. */
const NETWORKS: readonly {
  readonly network: CameraNetwork;
  readonly label: string;
  readonly weight: number;
  readonly industry: string;
  readonly digit: string;
  readonly legalBasis: string;
}[] = [
  { network: "tianwang", label: "天网", weight: 38, industry: "00", digit: "0", legalBasis: "7-1" },
  { network: "xueliang", label: "雪亮", weight: 36, industry: "01", digit: "6", legalBasis: "7-1" },
  { network: "huiyan", label: "慧眼", weight: 10, industry: "08", digit: "6", legalBasis: "7-1" },
  { network: "unit", label: "单位", weight: 16, industry: "11", digit: "2", legalBasis: "9" },
];

const STATUSES: readonly CameraStatus[] = ["online", "offline", "faulty", "unknown"];
const STATUS_WEIGHTS = [93, 3.5, 2.5, 1];

/** 球机, 半球, 固定枪机, 遥控枪机. */
const PTZ_TYPES: readonly PtzType[] = [1, 2, 3, 4];
const PTZ_WEIGHTS = [30, 10, 48, 12];

/** 车站码头, 中心广场, 商业中心, 校园周边, 治安复杂区域, 交通干线 (GB/T 28181 PositionType). */
const POSITION_TYPES = [3, 4, 6, 8, 9, 10] as const;
const POSITION_WEIGHTS = [4, 6, 14, 16, 20, 40];

/** Systems of article 7 must be filed within 30 days of use (Order 799, article 14). */
const FILING_DAYS = 30;
/** Recordings are kept at least this long (Order 799, article 17). */
const RETENTION_DAYS = 30;

/** Inventory of cameras beside roads and at units; never inside rooms that Order 799 article 8 forbids. */
export function makeCameras(context: DemoContext, organisations: Organisations, sites: Sites): CameraRecord[] {
  const { profile, tree, anchorMs } = context;
  const prng = context.prng.fork("cameras");
  const { county } = profile.profile;
  const used = new Set<Site>();
  const ownerOf = (network: CameraNetwork, townCode: string): Uuid | null => {
    if (network === "tianwang") return organisations.policeStations.get(townCode)?.id ?? null;
    if (network === "xueliang") return organisations.townOffices.get(townCode)?.id ?? null;
    if (network === "huiyan") return organisations.byDepartment.get("urban_management")?.id ?? null;
    return prng.pick([...organisations.propertyFirms, ...organisations.partners]).id;
  };
  const numbers = new Map<string, number>();

  return Array.from({ length: profile.cameras }, (_, i): CameraRecord => {
    const kind = NETWORKS[prng.weighted(NETWORKS.map((n) => n.weight))] as (typeof NETWORKS)[number];
    // A fifth of the cameras watch the hot spots; a site holds one camera while free ones are found.
    const pool = prng.chance(0.2) ? prng.pick(sites.hotSpots) : sites.roads;
    let site = pool.draw(prng);
    for (let tries = 0; tries < 8 && used.has(site); tries++) site = sites.roads.draw(prng);
    used.add(site);
    const town = tree.at(site.code, 9) ?? tree.county;
    const place = tree.at(site.code, 12) ?? town;
    const ptzType = PTZ_TYPES[prng.weighted(PTZ_WEIGHTS)] as PtzType;
    const allRound = ptzType === 2;
    const along = site.azimuth ?? prng.int(0, 359);
    const azimuth = (along + (prng.chance(0.5) ? 180 : 0) + prng.int(-12, 12) + 360) % 360;
    const ageDays = prng.chance(0.06) ? prng.int(3, 90) : prng.int(120, 1900);
    const filed = ageDays > FILING_DAYS ? prng.chance(0.96) : prng.chance(0.3);
    const inUseMs = anchorMs - ageDays * DAY_MS;
    const serial = (i + 1).toString().padStart(6, "0");
    const type = prng.chance(0.85) ? "132" : "131";
    const number = (numbers.get(place.code) ?? 0) + 1;
    numbers.set(place.code, number);
    return {
      id: nextId(prng, inUseMs),
      deviceCode: `${county}00${kind.industry}${type}${kind.digit}${serial}`,
      name: `${place.name}${kind.label}${number.toString().padStart(2, "0")}`,
      network: kind.network,
      status: STATUSES[prng.weighted(STATUS_WEIGHTS)] as CameraStatus,
      manufacturer: "示例设备厂",
      model: allRound ? "SL-D2" : ptzType === 1 ? "SL-P4" : "SL-B3",
      ownerOrganisationId: ownerOf(kind.network, town.code),
      ptzType,
      positionType: POSITION_TYPES[prng.weighted(POSITION_WEIGHTS)] as number,
      indoor: false,
      azimuthDeg: allRound ? null : azimuth,
      angleDeg: allRound ? null : prng.int(45, 95),
      rangeM: allRound ? prng.int(30, 45) : prng.int(40, 120),
      point: site.point,
      scopeCode: site.code,
      legalBasis: kind.network === "unit" && prng.chance(0.3) ? "33" : kind.legalBasis,
      sign: prng.chance(0.95) ? true : prng.chance(0.7) ? false : null,
      filingNo: filed ? `备〔示例〕${county}${serial}` : null,
      inUseSince: isoOf(inUseMs).slice(0, 10),
      retentionDays: prng.chance(0.04) ? prng.int(15, RETENTION_DAYS - 1) : prng.pick([RETENTION_DAYS, 60, 90]),
    };
  });
}
