import { userError } from "../../model/errors.ts";
import type { BothWords, Crs } from "./crs.ts";
import { recogniseCrs } from "./recognise-crs.ts";

export const KNOWN_SYSTEMS_HINT =
  'Give wgs84, cgcs2000, gcj02, bd09, EPSG:4491–4554 (CGCS2000 Gauss-Krüger), EPSG:3857, EPSG:326nn (UTM), GCJ-02+EPSG:3857, or the parameters themselves as a PROJ string: --crs "+proj=… +towgs84=…".';

/** What to do about Xi'an 80 and Beijing 54, whose shift to CGCS2000 each surveying office keeps for its own area. */
export const parametersHint = ({ zh, en }: BothWords): string =>
  `${zh}到 CGCS2000 的转换参数由当地测绘部门掌握：请转换成 CGCS2000，或给出参数。Positions in ${en} lie some 15–150 m off without the local parameters: have them converted to CGCS2000, or give --crs "+proj=tmerc +lat_0=0 +lon_0=… +k=1 +x_0=500000 +y_0=0 +ellps=… +towgs84=dx,dy,dz,rx,ry,rz,ds +units=m".`;

/**
 * The reference system that `--crs` names.
 *
 * @param text name, EPSG code, PROJ string or WKT
 * @throws USER error for an unknown system, and for Xi'an 80 and Beijing 54 without parameters, saying what to give
 */
export function crsOf(text: string): Crs {
  const known = recogniseCrs(text);
  if (known && "crs" in known) return known.crs;
  if (known) {
    throw userError(`${text}: ${known.needsParameters.en} cannot be converted without its parameters`, {
      at: "--crs",
      hint: parametersHint(known.needsParameters),
    });
  }
  throw userError(`the reference system "${text}" is not known`, { at: "--crs", hint: KNOWN_SYSTEMS_HINT });
}
