/** How far an import is; sent every so often, never for each row. */
export interface ImportProgress {
  /** Reading the files, writing to the database, or what follows the last row (outlines, roll-ups, checks). */
  readonly phase: "read" | "write" | "finish";
  /** Rows or features that the phase has passed. */
  readonly rows: number;
  /** Bytes of the files read so far. */
  readonly bytes?: number;
  readonly totalBytes?: number;
  /** One line for people. */
  readonly message: string;
}
