import { create } from "zustand";
import type { Plane, PlaneAnswer, QuestionKind } from "./types.ts";

export const NO_PLANE: Plane = {
  county: "",
  status: "idle",
  error: undefined,
  total: 0,
  loaded: 0,
  loadedFrom: undefined,
  more: false,
  dataVersion: "",
  asOf: 0,
  columns: undefined,
  changed: undefined,
  revision: 0,
};

/** What the page knows of the county's cases. Read it with selectors. */
export const usePlane = create<Plane>(() => NO_PLANE);

interface Answers {
  /** Last answers by key of the question. */
  readonly byKey: ReadonlyMap<string, PlaneAnswer<QuestionKind>>;
  /** True while an answer is on its way: what is on screen may be older than the filters. */
  readonly waiting: boolean;
}

export const NO_ANSWERS: Answers = { byKey: new Map(), waiting: false };

export const useAnswers = create<Answers>(() => NO_ANSWERS);
