const DECIMAL = /^[+-]?\d{1,9}(\.\d*)?$/;
const SEXAGESIMAL =
  /^(\d{1,3})\s*[°度º]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'’分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″"”秒]|''|′′)\s*)?$/;

/** Degrees as a person or a device writes them. */
export interface ReadDegrees {
  readonly degrees: number;
  /** It was written in degrees, minutes and seconds. */
  readonly sexagesimal: boolean;
}

/** Reads decimal degrees, or degrees with minutes and seconds (112°42′30″, 112度42分30秒); undefined for what is neither. */
export function readDegrees(text: string): ReadDegrees | undefined {
  const plain = text.trim();
  if (DECIMAL.test(plain)) return { degrees: Number(plain), sexagesimal: false };
  const [, degrees, minutes = "0", seconds = "0"] = SEXAGESIMAL.exec(plain) ?? [];
  if (degrees === undefined || Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  // A ten-thousandth of the lattice: what is left of the sum in binary is no position.
  const sum = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return { degrees: Number(sum.toFixed(11)), sexagesimal: true };
}
