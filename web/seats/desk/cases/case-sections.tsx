import type { ReactNode } from "react";
import type { CaseFile } from "./case-file.ts";

/** A part of the case page that belongs to another subject: whistles, rating. */
export interface CaseSection {
  readonly id: string;
  /** Its heading, a key of the texts. */
  readonly title: string;
  /** Undefined where it has nothing to show for the case or the viewer. @param onChanged reads the case anew */
  readonly show: (file: CaseFile, onChanged: () => void) => ReactNode | undefined;
}

/** Sections in order, between the clocks and the timeline. To add one: a line here. */
export const CASE_SECTIONS: readonly CaseSection[] = [];
