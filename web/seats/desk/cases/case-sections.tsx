import type { ReactNode } from "react";
import { may } from "../../../app/viewer.ts";
import { CasePhotos } from "../photos/case-photos.tsx";
import { CaseWhistles } from "../whistle/case-whistles.tsx";
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
export const CASE_SECTIONS: readonly CaseSection[] = [
  {
    id: "photos",
    title: "caseFile.photos",
    show: (file) => (may("incident_text") ? <CasePhotos id={file.id} caseRef={file.ref} /> : undefined),
  },
  {
    id: "whistles",
    title: "caseFile.whistles",
    show: (file, onChanged) => (may("incident_text") ? <CaseWhistles file={file} onChanged={onChanged} /> : undefined),
  },
];
