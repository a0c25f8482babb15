import { create } from "zustand";

/** Grids that a proposal leaves exactly as they are: codes, or ids of grids that have none yet. */
export const useLocked = create<{ readonly grids: readonly string[] }>(() => ({ grids: [] }));

export const lockGrids = (grids: Iterable<string>): void =>
  useLocked.setState((locked) => ({ grids: [...new Set([...locked.grids, ...grids])].sort() }));

export const unlockGrid = (grid: string): void =>
  useLocked.setState((locked) => ({ grids: locked.grids.filter((one) => one !== grid) }));

export const unlockAll = (): void => useLocked.setState({ grids: [] });
