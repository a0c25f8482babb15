/** A point of a growth curve: what grows and what it costs. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 150, top: 36, bottom: 40 };
/** Told apart without colour vision (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : `${Number(value.toPrecision(3))}`;

/** Powers of ten that hold the values. */
function decades(values: readonly number[]): readonly [low: number, high: number] {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive))))];
}

/** Growth curves over both axes in powers of ten: a straight line at 45° is a cost that grows with the size. */
export function curveSvg(title: string, lines: ReadonlyMap<string, readonly Point[]>): string {
  const all = [...lines.values()].flat();
  const [left, right] = decades(all.map(({ x }) => x));
  const [bottom, top] = decades(all.map(({ y }) => y));
  const px = (x: number): number =>
    MARGIN.left + ((Math.log10(x) - left) / (right - left)) * (WIDTH - MARGIN.left - MARGIN.right);
  const py = (y: number): number =>
    HEIGHT - MARGIN.bottom - ((Math.log10(y) - bottom) / (top - bottom)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  const grid = [
    ...range(left, right).map(
      (x) =>
        `<path d="M${px(x)} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}" class="g"/><text x="${px(x)}" y="${HEIGHT - 18}" text-anchor="middle">${short(x)}</text>`,
    ),
    ...range(bottom, top).map(
      (y) =>
        `<path d="M${MARGIN.left} ${py(y)}H${WIDTH - MARGIN.right}" class="g"/><text x="${MARGIN.left - 8}" y="${py(y) + 4}" text-anchor="end">${short(y)}</text>`,
    ),
  ];
  const curves = [...lines].map(([name, points], i) => {
    const colour = COLOURS[i % COLOURS.length] ?? "#000";
    const sorted = points.filter(({ x, y }) => x > 0 && y > 0).toSorted((a, b) => a.x - b.x);
    const path = sorted.map(({ x, y }, n) => `${n === 0 ? "M" : "L"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("");
    const dots = sorted.map(
      ({ x, y }) => `<circle cx="${px(x).toFixed(1)}" cy="${py(y).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    const label = `<text x="${WIDTH - MARGIN.right + 12}" y="${MARGIN.top + 14 + i * 18}" fill="${colour}">${escapeXml(name)}</text>`;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}${label}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><title>${escapeXml(title)}</title><style>.g{stroke:#ccc;fill:none}</style><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/><text x="${MARGIN.left}" y="22" font-size="14">${escapeXml(title)}</text>${grid.join("")}${curves.join("")}</svg>\n`;
}
