import { Layer, type LayerProps, picking, project32 } from "@deck.gl/core";
import type { RenderPass } from "@luma.gl/core";
import { Model } from "@luma.gl/engine";
import type { IncidentColumns } from "../../../../data/columns/incident-columns.ts";
import { CLOSED_SHOWN_HOURS } from "../../../../data/columns/marks.ts";
import { drawStats } from "../../../map/debug/draw-stats.ts";
import type { RowRange } from "../../../plane/types.ts";
import { CASE_LAYOUT, CaseBuffers } from "./case-buffers.ts";
import type { DotsFilter } from "./dots-filter.ts";
import { DOTS_FS, DOTS_VS, dotsUniforms } from "./dots-shader.ts";
import { type CameraMatrix, dotsView } from "./dots-view.ts";
import { runsOf } from "./runs.ts";

/** Where the layer takes rows from, whenever it is drawn. */
export interface DotsSource {
  columns(): IncidentColumns | undefined;
  /** Rows that changed since the last call, or "all". */
  takeChanged(): readonly RowRange[] | "all";
  /** Which cases are drawn; undefined = none yet. */
  filter(): DotsFilter | undefined;
  /** Time window that stands in for the filter's while it is dragged or played, epoch seconds. */
  liveWindow(): { readonly from: number; readonly to: number } | undefined;
}

const INT32_MIN = -2147483648;

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

interface DotsProps {
  readonly source: DotsSource;
  /** Colours 0–255 of ended cases, of the others (drawn only while a window is live) and of the rim. */
  readonly ended: Colour;
  readonly open: Colour;
  readonly halo: Colour;
  /** CSS pixels. */
  readonly radius: number;
  readonly rim: number;
}

function note(rows: number, buffers: CaseBuffers, began: number): void {
  const now = performance.now();
  drawStats.rows = rows;
  drawStats.gpuBytes = buffers.bytes;
  drawStats.gpuWritten = buffers.written;
  drawStats.frames++;
  drawStats.firstAt ||= now;
  drawStats.drawMs = now - began;
}

const share = (colour: Colour): number[] => colour.map((value) => value / 255);

/**
 * Cases as dots, drawn straight from the columns: one vertex of integers per case, filtered in the shader. Filters, time
 * window and camera are uniforms; a live change writes the rows it touched. The layer never loops over rows.
 */
export class DotsLayer extends Layer<Required<LayerProps> & DotsProps> {
  static override layerName = "DotsLayer";
  declare state: { model: Model | undefined; buffers: CaseBuffers };

  /** Attributes are the columns themselves: deck.gl has none to keep. */
  protected override _getAttributeManager() {
    return null;
  }

  override initializeState(): void {
    this.state = { model: undefined, buffers: new CaseBuffers(this.context.device) };
  }

  override finalizeState(): void {
    super.finalizeState(this.context);
    this.state.buffers.destroy();
  }

  override draw({ renderPass }: { readonly renderPass: RenderPass }): void {
    const began = performance.now();
    const { source } = this.props;
    const columns = source.columns();
    const filter = source.filter();
    if (!columns || !filter) return;
    this.#send(columns);
    const { model } = this.state;
    if (!model || columns.rows === 0) return;
    const live = source.liveWindow();
    const from = live?.from ?? filter.from;
    const to = live?.to ?? filter.to;
    const endedFrom = live || filter.allEnded ? INT32_MIN : columns.asOf - CLOSED_SHOWN_HOURS * 3600;
    const { origin, mercator, clipOrigin, clipEast, clipNorth } = dotsView(
      this.context.viewport as unknown as CameraMatrix,
    );
    const late = filter.late === undefined ? -1 : filter.late ? 1 : 0;
    // Drawn into the map's own buffer: pixels of it per CSS pixel.
    const ratio = this.context.gl.drawingBufferWidth / Math.max(1, this.context.viewport.width);
    const { ended, open, halo, radius, rim } = this.props;
    model.shaderInputs.setProps({
      dots: {
        times: [from, to, endedFrom, columns.asOf],
        origin: [...origin, late, live ? 1 : 0],
        masks: [filter.states, filter.sources, filter.gridFrom, filter.gridTo],
        more: [filter.outside ? 1 : 0, filter.severities, 0, 0],
        classes: filter.classes,
        mercator: [...mercator, 0, 0],
        clipOrigin,
        clipEast,
        clipNorth,
        ended: share(ended),
        open: share(open),
        halo: share(halo),
        size: [radius * ratio, rim * ratio, 0, 0],
      },
    });
    let rows = 0;
    for (const [start, end] of runsOf(columns, Math.max(from, endedFrom), to)) {
      model.setVertexCount(end - start);
      model.setDrawOffsets({ firstVertex: start, firstIndex: 0 });
      model.draw(renderPass);
      rows += end - start;
    }
    note(rows, this.state.buffers, began);
  }

  #send(columns: IncidentColumns): void {
    const { buffers, model } = this.state;
    const changed = this.props.source.takeChanged();
    // The first picture needs every row, whoever took the changes before.
    const others = buffers.send(columns, model ? changed : "all");
    if (!model) this.state.model = this.#model(others ?? {});
    else if (others) model.setAttributes(others);
  }

  #model(attributes: Parameters<Model["setAttributes"]>[0]): Model {
    return new Model(this.context.device, {
      ...this.getShaders({ vs: DOTS_VS, fs: DOTS_FS, modules: [project32, picking, dotsUniforms] }),
      id: this.props.id,
      topology: "point-list",
      bufferLayout: CASE_LAYOUT,
      attributes,
      vertexCount: 0,
    });
  }
}
