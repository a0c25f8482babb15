/** A step to draw, in the order of the definition. */
export interface LaidStep {
  readonly key: string;
  readonly side: boolean;
}

export interface LaidWay {
  readonly from: string;
  readonly to: string;
}

/** A box, in units of the drawing; x and y are its upper left corner. */
export interface Box {
  readonly key: string;
  readonly x: number;
  readonly y: number;
}

/** An arrow from box to box, as the path of an SVG. */
export interface Arrow extends LaidWay {
  readonly path: string;
  /** One of its ends is a side step: drawn while that step or its other end is looked at. */
  readonly side: boolean;
}

export interface WorkflowDrawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly width: number;
  readonly height: number;
}

export const BOX_WIDTH = 108;
export const BOX_HEIGHT = 44;
const GAP = 36;
const MARGIN = 12;
/** Height of an arc over one skipped box; each further one adds so much. */
const ARC = 16;
/** From the main row to the side row: room for the arcs of ways that lead back. */
const TO_SIDE = 96;

/** Layer of each main step: the longest way to it from a step without one before it. Ways back are left out. */
function layersOf(steps: readonly LaidStep[], ways: readonly LaidWay[]): Map<string, number> {
  const order = new Map(steps.map(({ key }, index) => [key, index]));
  const layers = new Map<string, number>();
  for (const { key } of steps) {
    const before = ways.filter(({ from, to }) => to === key && (order.get(from) ?? Infinity) < (order.get(to) ?? -1));
    layers.set(key, Math.max(0, ...before.map(({ from }) => (layers.get(from) ?? 0) + 1)));
  }
  return layers;
}

/**
 * Draws a workflow: main steps from left to right, each in the layer after the last one that leads to it; side steps in a row
 * beneath. Ways to the next layer are straight, those that leave steps out are arcs above, those that lead back arcs beneath.
 */
export function layoutWorkflow(steps: readonly LaidStep[], ways: readonly LaidWay[]): WorkflowDrawing {
  const main = steps.filter(({ side }) => !side);
  const sides = steps.filter(({ side }) => side);
  const isMain = new Set(main.map(({ key }) => key));
  const between = ways.filter(({ from, to }) => isMain.has(from) && isMain.has(to));
  const layers = layersOf(main, between);
  const columns = Math.max(1, ...[...layers.values()].map((layer) => layer + 1));
  const longest = Math.max(
    0,
    ...between.map(({ from, to }) => (layers.get(to) ?? 0) - (layers.get(from) ?? 0)).filter((span) => span > 1),
  );
  const rows = new Map<number, number>();
  const top = MARGIN + (longest > 1 ? longest * ARC : 0);
  const boxes: Box[] = main.map(({ key }) => {
    const layer = layers.get(key) ?? 0;
    const row = rows.get(layer) ?? 0;
    rows.set(layer, row + 1);
    return { key, x: MARGIN + layer * (BOX_WIDTH + GAP), y: top + row * (BOX_HEIGHT + GAP) };
  });
  const deepest = Math.max(1, ...rows.values());
  const sideTop = top + deepest * (BOX_HEIGHT + GAP) - GAP + TO_SIDE;
  const across = Math.max(columns, sides.length);
  const shift = ((across - sides.length) * (BOX_WIDTH + GAP)) / 2;
  sides.forEach(({ key }, index) => {
    boxes.push({ key, x: MARGIN + shift + index * (BOX_WIDTH + GAP), y: sideTop });
  });
  const byKey = new Map(boxes.map((box) => [box.key, box]));
  const arrows = ways.flatMap(({ from, to }): Arrow[] => {
    const [a, b] = [byKey.get(from), byKey.get(to)];
    if (!a || !b) return [];
    const side = !isMain.has(from) || !isMain.has(to);
    return [{ from, to, side, path: side ? sidePath(a, b) : mainPath(a, b) }];
  });
  return {
    boxes,
    arrows,
    width: 2 * MARGIN + across * (BOX_WIDTH + GAP) - GAP,
    height: sideTop + BOX_HEIGHT + MARGIN,
  };
}

function mainPath(a: Box, b: Box): string {
  const span = Math.round((b.x - a.x) / (BOX_WIDTH + GAP));
  if (span === 1) return `M${a.x + BOX_WIDTH} ${a.y + BOX_HEIGHT / 2} L${b.x - 2} ${b.y + BOX_HEIGHT / 2}`;
  const [from, to] = [a.x + BOX_WIDTH * 0.6, b.x + BOX_WIDTH * 0.4];
  if (span > 1) {
    // A cubic whose ends rise by h reaches three quarters of it.
    const height = (span * ARC * 4) / 3;
    return `M${from} ${a.y} C${from} ${a.y - height} ${to} ${b.y - height} ${to} ${b.y - 2}`;
  }
  const [under, over] = [a.y + BOX_HEIGHT, b.y + BOX_HEIGHT];
  const depth = ((1 - span) * ARC * 4) / 3;
  return `M${from} ${under} C${from} ${under + depth} ${to} ${over + depth} ${to} ${over + 2}`;
}

function sidePath(a: Box, b: Box): string {
  const [x1, x2] = [a.x + BOX_WIDTH / 2, b.x + BOX_WIDTH / 2];
  if (a.y === b.y) {
    const y = a.y + BOX_HEIGHT;
    return `M${x1} ${a.y} C${x1} ${y - TO_SIDE} ${x2} ${y - TO_SIDE} ${x2} ${b.y - 2}`;
  }
  const down = b.y > a.y;
  const [y1, y2] = [down ? a.y + BOX_HEIGHT : a.y, down ? b.y - 2 : b.y + BOX_HEIGHT + 2];
  const middle = (y1 + y2) / 2;
  // Two ways between the same boxes lie beside each other.
  const aside = down ? -10 : 10;
  return `M${x1 + aside} ${y1} C${x1 + aside} ${middle} ${x2 + aside} ${middle} ${x2 + aside} ${y2}`;
}
