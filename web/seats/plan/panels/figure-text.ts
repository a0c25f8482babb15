/** Area in hectares; square metres below a tenth of one. */
export const areaText = (areaM2: number): string =>
  areaM2 < 1000 ? `${Math.round(areaM2)} m²` : `${(areaM2 / 10_000).toFixed(2)} ha`;

/** Length in metres; kilometres from 10 km on. */
export const lengthText = (metres: number): string =>
  metres < 10_000 ? `${metres.toFixed(metres < 100 ? 1 : 0)} m` : `${(metres / 1000).toFixed(2)} km`;
