/** One figure of a benchmark (DESIGN section 3). */
export interface Figure {
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Whom it is compared with, and how often its value that is. */
  readonly peer?: string;
  readonly ratio?: number;
  readonly goal?: string;
  readonly ok?: boolean;
  /** Point of a growth curve: the curve's name, and what grows (rows, say). The report draws it. */
  readonly series?: string;
  readonly x?: number;
}
