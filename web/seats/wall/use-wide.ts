import { useSyncExternalStore } from "react";

/** Two 16 : 9 screens side by side are 3.56 : 1, one 21 : 9 screen is 2.37 : 1: the second column fits from 2.6 : 1. */
const query = matchMedia("(min-aspect-ratio: 26/10)");

const subscribe = (callback: () => void): (() => void) => {
  query.addEventListener("change", callback);
  return () => query.removeEventListener("change", callback);
};

export const useWide = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
