import type { CDPSession, Page } from "playwright-core";

/** What one pointer event of a drag costs the page's main thread: processor milliseconds, whatever else the machine does. */
export interface DragCost {
  /** Listeners, meters, checks, React's rendering and the building of what is drawn. */
  readonly event: number;
  /** deck.gl takes up what is to be drawn: attributes are worked out and handed to the driver. */
  readonly attributes: number;
  /** Style, layout and paint of the page beside the map. */
  readonly layout: number;
  /** MapLibre's and deck.gl's drawing calls: each frame's, whatever has changed. */
  readonly drawing: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly pid: number;
  readonly ts: number;
  /** Thread clock, µs. */
  readonly tts?: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly data?: { readonly type?: string } };
}

const CATEGORIES = ["devtools.timeline", "blink.user_timing"];
const LAYOUT = new Set(["UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "UpdateLayer"]);
const [BEGIN, END] = ["deck attributes begin", "deck attributes end"];

/** Marks deck.gl's own frame callback: it takes layers up there, and draws nothing while MapLibre draws for it. */
function markFrames(begin: string, end: string): void {
  const real = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    callback.name.includes("_animationFrame")
      ? real((at) => {
          performance.mark(begin);
          callback(at);
          performance.mark(end);
        })
      : real(callback);
}

/** Makes a page mark its frames; before it is opened. */
export async function prepareDrag(page: Page): Promise<void> {
  await page.addInitScript(`(${markFrames.toString()})(${JSON.stringify(BEGIN)}, ${JSON.stringify(END)})`);
}

async function traced(client: CDPSession, work: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: unknown[] }): void => {
    events.push(...(value as TraceEvent[]));
  };
  client.on("Tracing.dataCollected", collect);
  await client.send("Tracing.start", {
    traceConfig: { includedCategories: CATEGORIES },
    transferMode: "ReportEvents",
  } as never);
  await work();
  const done = new Promise<void>((resolve) => client.once("Tracing.tracingComplete", () => resolve()));
  await client.send("Tracing.end");
  await done;
  client.off("Tracing.dataCollected", collect);
  return events;
}

/** Cuts a trace at the pointer's moves: what follows each until the next one is its cost. */
function costsOf(trace: readonly TraceEvent[]): DragCost[] {
  const isMove = ({ name, args }: TraceEvent): boolean => name === "EventDispatch" && args.data?.type === "pointermove";
  const first = trace.find(isMove);
  const own = trace
    .filter(({ tid, pid }) => tid === first?.tid && pid === first.pid)
    .toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const ms = (event: TraceEvent): number => (event.tdur ?? event.dur ?? 0) / 1000;
  const costs: { event: number; attributes: number; layout: number; drawing: number }[] = [];
  let [inDispatch, began] = [-1, 0];
  for (const event of own) {
    if (isMove(event)) costs.push({ event: 0, attributes: 0, layout: 0, drawing: 0 });
    const cost = costs[costs.length - 1];
    if (!cost) continue;
    if (event.name === "EventDispatch") {
      // A listener may dispatch events of its own: they are in the time of the outer one.
      if (event.ts >= inDispatch) cost.event += ms(event);
      inDispatch = Math.max(inDispatch, event.ts + (event.dur ?? 0));
    } else if (event.name === BEGIN) began = event.tts ?? event.ts;
    else if (event.name === END) {
      const spent = ((event.tts ?? event.ts) - began) / 1000;
      cost.attributes += spent;
      cost.drawing -= spent;
    } else if (event.name === "FireAnimationFrame") cost.drawing += ms(event);
    // Layout that a listener forces is in the listener's time.
    else if (LAYOUT.has(event.name) && event.ts >= inDispatch) cost.layout += ms(event);
  }
  return costs;
}

/** Waits until what was asked for is drawn. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

/** Looks for a place near another where the tool in hand takes a border. */
async function gripNear(page: Page, x: number, y: number): Promise<readonly [number, number] | undefined> {
  const note = page.locator(".plan-pointer");
  for (let radius = 0; radius < 120; radius += 9)
    for (let turn = 0; turn < 10; turn++) {
      const at = [x + radius * Math.cos((turn * Math.PI) / 5), y + radius * Math.sin((turn * Math.PI) / 5)] as const;
      await page.mouse.move(...at);
      if ((await note.count()) && (await note.textContent())) return at;
    }
  return undefined;
}

/** Drags borders about around the middle of the map, as a hand would; each drag is undone. */
export async function dragBorders(page: Page, gestures: number, events: number): Promise<DragCost[]> {
  const client = await page.context().newCDPSession(page);
  const box = await page.locator(".map-canvas").boundingBox();
  if (!box) throw new Error("no map");
  const costs: DragCost[] = [];
  await page.keyboard.press("d");
  for (let gesture = 0; gesture < gestures; gesture++) {
    const turn = (gesture * 2 * Math.PI) / gestures;
    const grip = await gripNear(
      page,
      box.x + box.width / 2 + 90 * Math.cos(turn),
      box.y + box.height / 2 + 90 * Math.sin(turn),
    );
    if (!grip) continue;
    await drawn(page);
    await page.mouse.down();
    const trace = await traced(client, async () => {
      for (let event = 1; event <= events; event++) {
        await page.mouse.move(grip[0] + event * 0.6 * Math.sin(turn), grip[1] + event * 0.6 * Math.cos(turn));
        await drawn(page);
      }
    });
    costs.push(...costsOf(trace));
    await page.mouse.up();
    await page.keyboard.press("Control+z");
  }
  return costs;
}
