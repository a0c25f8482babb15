/** A published figure of a county (domain.md section 7): a fixture with provenance, never a live statistic. */
export interface PublishedFigure {
  readonly key: string;
  readonly value: number;
  /** True when the source says "more than" (余, 多): a lower bound. */
  readonly atLeast?: boolean;
  /** Where it was published, e.g. `中国城市报 2025-04-21 p.22`. */
  readonly source: string;
}

export interface CountyProfile {
  /** Six-digit division code (GB/T 2260). */
  readonly county: string;
  readonly name: string;
  readonly nameEn: string;
  /** Pinyin or Latin text that sorts the name under COLLATE "C". */
  readonly nameSort: string;
  /** IANA zone; times without offset are read in it. */
  readonly timezone: string;
  /** True for generated counties: every screen then carries 演示数据. */
  readonly demo: boolean;
  /** ISO 8601 instant a demo was generated for; undefined for real counties. */
  readonly anchorAt?: string;
  /** Term for the lowest grid in this county: 网格 or 微网格. */
  readonly gridTerm: string;
  readonly figures: readonly PublishedFigure[];
  /** Where the data came from, shown on every card: licence or 演示数据. */
  readonly source: string;
}
