import { Buffer, type Device, type VertexFormat } from "@luma.gl/core";
import type { IncidentColumns } from "../../../../data/columns/incident-columns.ts";
import type { RowRange } from "../../../plane/types.ts";

/** Columns that the shader reads, as they are in the store: nothing is converted on the way. */
const COLUMNS = [
  ["caseLon", "lon", "sint32"],
  ["caseLat", "lat", "sint32"],
  ["caseOpened", "opened", "sint32"],
  ["caseClosed", "closed", "sint32"],
  ["caseDue", "due", "sint32"],
  ["caseGrid", "grid", "uint32"],
  ["caseClass", "classIndex", "uint16"],
  ["caseState", "state", "uint8"],
  ["caseSeverity", "severity", "uint8"],
  ["caseSource", "source", "uint8"],
  ["caseFlags", "flags", "uint8"],
] as const satisfies readonly (readonly [string, keyof IncidentColumns, VertexFormat])[];

/** Layout of the buffers for a model: one attribute each. */
export const CASE_LAYOUT: { name: string; format: VertexFormat }[] = COLUMNS.map(([name, , format]) => ({
  name,
  format,
}));

/**
 * The county's cases on the GPU: one buffer per column with the room that the arrays have. A change writes the rows it
 * touched; only new arrays (first load, growth, a settled tail) are sent whole.
 */
export class CaseBuffers {
  readonly #device: Device;
  #buffers: Record<string, Buffer> = {};
  #sent: IncidentColumns["lon"] | undefined;
  /** Bytes written to the GPU since it was made. */
  written = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Bytes that the buffers hold. */
  get bytes(): number {
    return Object.values(this.#buffers).reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Brings the GPU to the columns.
   *
   * @param changed rows that are not as they were at the last call; "all" = any may be
   * @returns buffers by attribute when they are others than before, undefined otherwise
   */
  send(columns: IncidentColumns, changed: readonly RowRange[] | "all"): Record<string, Buffer> | undefined {
    const anew = columns.lon !== this.#sent;
    const room = this.#sent?.length;
    this.#sent = columns.lon;
    const others = room !== columns.lon.length;
    if (others) this.#allocate(columns);
    const whole: readonly RowRange[] = [[0, columns.rows]];
    for (const [from, to] of anew || changed === "all" ? whole : changed) this.#write(columns, from, to);
    return others ? this.#buffers : undefined;
  }

  #write(columns: IncidentColumns, from: number, to: number): void {
    if (to <= from) return;
    for (const [name, column] of COLUMNS) {
      const rows = columns[column].subarray(from, to);
      (this.#buffers[name] as Buffer).write(rows, from * rows.BYTES_PER_ELEMENT);
      this.written += rows.byteLength;
    }
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
    this.#buffers = {};
    this.#sent = undefined;
  }

  #allocate(columns: IncidentColumns): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
    this.#buffers = Object.fromEntries(
      COLUMNS.map(([name, column]) => [
        name,
        this.#device.createBuffer({
          id: `dots-${name}`,
          usage: Buffer.VERTEX | Buffer.COPY_DST,
          // WebGL does not bind empty buffers; writes are padded to whole words.
          byteLength: Math.max(16, (columns[column].byteLength + 3) & ~3),
        }),
      ]),
    );
  }
}
