import type { LonLat } from "./geometry.ts";
import type { Uuid } from "./ids.ts";

/** 雪亮工程, 天网, 慧眼工程, own cameras of units. */
export const CAMERA_NETWORKS = ["xueliang", "tianwang", "huiyan", "unit"] as const;
export type CameraNetwork = (typeof CAMERA_NETWORKS)[number];

export const CAMERA_STATUSES = ["online", "offline", "faulty", "unknown"] as const;
export type CameraStatus = (typeof CAMERA_STATUSES)[number];

/** GB/T 28181 PTZType 1–7: 球机, 半球, 固定枪机, 遥控枪机, 遥控半球, 多目, 多目. */
export type PtzType = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * Inventory of a camera: the fields of domain.md 4.6 that may be held. There is no address, port, account,
 * certificate or stream in this model, on purpose (domain.md section 5).
 */
export interface CameraRecord {
  readonly id: Uuid;
  /** 20-digit GB/T 28181 device code. */
  readonly deviceCode: string;
  readonly name: string;
  readonly network: CameraNetwork;
  readonly status: CameraStatus;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly ownerOrganisationId: Uuid | null;
  readonly ptzType: PtzType | null;
  /** GB/T 28181 PositionType 1–10 (检查站 … 交通干线). */
  readonly positionType: number | null;
  readonly indoor: boolean;
  /** Centre of the nominal view, degrees clockwise from north; null for all-round. */
  readonly azimuthDeg: number | null;
  /** Opening angle of the nominal view, degrees. */
  readonly angleDeg: number | null;
  /** Nominal range of the view, metres; sight lines are not checked. */
  readonly rangeM: number | null;
  readonly point: LonLat;
  /** Code of the deepest area that it stands in; null outside every grid. */
  readonly scopeCode: string | null;
  /** Order 799: legal basis (7-1, 7-2, 9, 33), sign, filing. */
  readonly legalBasis: string | null;
  readonly sign: boolean | null;
  readonly filingNo: string | null;
  readonly inUseSince: string | null;
  readonly retentionDays: number | null;
}
