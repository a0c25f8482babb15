import type { FigureInput } from "../figure-input.ts";

export interface ClassFigure {
  /** Two-digit major; five-digit class where all cases lie in one major. */
  readonly code: string;
  readonly count: number;
  readonly late: number;
}

/**
 * Cases by major class, largest first, equal ones by code. Where all lie in one major (a county with classes of its own)
 * the classes themselves are told apart: one bar says nothing.
 */
export function classFigures({ columns, sweep }: Pick<FigureInput, "columns" | "sweep">): ClassFigure[] {
  const late = columns.classes.map((_, index) => sweep.byClass[2 * index + 1] as number);
  const counts = columns.classes.map((_, index) => (sweep.byClass[2 * index] as number) + (late[index] as number));
  const majors = new Set(columns.classes.filter((_, index) => counts[index]).map((code) => code.slice(0, 2)));
  const digits = majors.size === 1 ? 5 : 2;
  const figures = new Map<string, ClassFigure>();
  columns.classes.forEach((full, index) => {
    if (!counts[index]) return;
    const code = full.slice(0, digits);
    const old = figures.get(code);
    figures.set(code, {
      code,
      count: (old?.count ?? 0) + (counts[index] as number),
      late: (old?.late ?? 0) + (late[index] as number),
    });
  });
  return [...figures.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
