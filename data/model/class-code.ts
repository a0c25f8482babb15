/**
 * Classes of components and matters (GB/T 47678.5-2026, domain.md 4.1), of GB/T 30428.2-2013 where a county still
 * uses it, and of the local extension range (majors 80–89).
 */
export const CLASS_KINDS = ["component", "matter", "local"] as const;
export type ClassKind = (typeof CLASS_KINDS)[number];

export interface ClassCode {
  /** `major` + `minor`; the same digits serve components and matters, so the key is kind + code. */
  readonly code: string;
  readonly kind: ClassKind;
  /** Two digits. */
  readonly major: string;
  readonly name: string;
  readonly nameEn: string;
  /** The standard that defines it, e.g. `GB/T 47678.5-2026`, or `local`. */
  readonly standardRef: string;
  readonly isLocalExtension: boolean;
  /** Sensitive classes (disputes, appeals) are drawn at the grid's centre and suppressed in small counts. */
  readonly sensitive: boolean;
}
