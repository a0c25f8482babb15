import type { CameraNetwork, CameraStatus, PtzType } from "../../model/camera.ts";
import type { LonLat } from "../../model/geometry.ts";

/** Why a camera has no place, though its source tells one. */
export type PositionFault = "zero_position" | "bad_position" | "default_point";

/** What a source tells of one camera; null = it does not say, and what is known stays. */
export interface CameraDraft {
  /** Where it stands in the files; of several the first. */
  readonly at: string;
  /** 20-digit GB/T 28181 device code: what a camera is known by. */
  readonly deviceCode: string;
  /** The catalogue says that it is gone, or that it is classified: it is not held. */
  readonly removed: "deleted" | "secret" | null;
  readonly name: string | null;
  readonly network: CameraNetwork | null;
  /** For a camera that is not known yet and whose project nobody told. */
  readonly likelyNetwork: CameraNetwork;
  readonly status: CameraStatus | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  /** Name of the unit that it belongs to. */
  readonly owner: string | null;
  readonly ptzType: PtzType | null;
  /** GB/T 28181 PositionType, 1–10. */
  readonly positionType: number | null;
  readonly indoor: boolean | null;
  /** Degrees clockwise from north, 0 ≤ azimuth < 360. */
  readonly azimuthDeg: number | null;
  readonly angleDeg: number | null;
  /** Metres. */
  readonly rangeM: number | null;
  /** WGS 84, on the lattice. */
  readonly point: LonLat | null;
  readonly fault: PositionFault | null;
  readonly legalBasis: string | null;
  readonly sign: boolean | null;
  readonly filingNo: string | null;
  /** yyyy-mm-dd. */
  readonly inUseSince: string | null;
  readonly retentionDays: number | null;
}
