/** What the map's own code counts of its drawing; read by the debug overlay and by benchmarks, written by layers. */
export interface DrawStats {
  /** Cases sent through the shader by the last frame. */
  rows: number;
  /** Bytes that the cases' buffers hold on the GPU, and that were written to them since the page began. */
  gpuBytes: number;
  gpuWritten: number;
  /** Frames that drew cases, and when the first of them was (`performance.now()`); 0 before. */
  frames: number;
  firstAt: number;
  /** Main-thread time of the last frame's drawing of cases, milliseconds. */
  drawMs: number;
}

export const drawStats: DrawStats = { rows: 0, gpuBytes: 0, gpuWritten: 0, frames: 0, firstAt: 0, drawMs: 0 };
