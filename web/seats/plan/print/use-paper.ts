import { useEffect, useMemo, useState } from "react";
import type { LonLat, MultiPolygonRings } from "../../../../data/model/geometry.ts";
import { type PlanBase, unpackLine, unpackPolygons } from "../../../../data/planning/plan-base.ts";
import {
  PaperDutyDocument,
  type PaperDutyQuery,
  PlanPaperDocument,
  type PlanPaperQuery,
} from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fetchPlanBase } from "../state/load-ground.ts";

export type PaperPlan = PlanPaperQuery["plan"];
type Duty = PaperDutyQuery["areas"]["nodes"][number];

/** A grid as it is drawn on paper. */
export interface PaperShape {
  readonly cell: string;
  readonly code: string;
  readonly name: string;
  readonly polygons: MultiPolygonRings;
  readonly changed: boolean;
}

/** A road, river or railway. */
export interface PaperLine {
  readonly kind: string;
  readonly rank: string;
  readonly name: string | null;
  readonly lines: readonly (readonly LonLat[])[];
}

/** A changed grid's sheet. */
export interface PaperGrid {
  readonly cell: string;
  readonly code: string;
  readonly name: string;
  /** Ground before: its own, or that of the grids that a new one came from. */
  readonly before: MultiPolygonRings;
  readonly after: MultiPolygonRings;
  readonly isNew: boolean;
  readonly sides: PaperPlan["bounds"][number]["sides"];
  readonly households: PaperPlan["impact"]["cells"][number] | undefined;
  /** Who answers for it: of a new grid those of the one that most of it came from, which is named. */
  readonly leader: string | undefined;
  readonly unit: string | undefined;
  readonly inheritedFrom: string | undefined;
}

export interface Paper {
  readonly plan: PaperPlan;
  readonly before: readonly PaperShape[];
  readonly after: readonly PaperShape[];
  readonly lines: readonly PaperLine[];
  readonly grids: readonly PaperGrid[];
}

const polygonsOf = (geometry: PaperPlan["changes"][number]["geometry"]): MultiPolygonRings =>
  geometry?.type === "MultiPolygon" ? geometry.coordinates : [];

const leaderOf = (duty: Duty | undefined): string | undefined =>
  (duty?.staffLinks?.find(({ lead, staff }) => lead && staff) ?? duty?.staffLinks?.find(({ staff }) => staff))?.staff
    ?.name;

function linesOf({ reference }: PlanBase): PaperLine[] {
  return reference.flatMap(({ kind, rank, name, lines }) =>
    kind === "block"
      ? []
      : [
          {
            kind,
            rank,
            name,
            lines: lines.map((line) => unpackLine(line, false)),
          },
        ],
  );
}

/** Puts together what is printed of a plan. */
export function paperOf(plan: PaperPlan, base: PlanBase, duty: readonly Duty[]): Paper {
  const changeOf = new Map(plan.changes.map((change) => [change.cell, change]));
  const before = base.cells.map(
    ({ id, code, name, polygons }): PaperShape => ({
      cell: id,
      code,
      name,
      polygons: unpackPolygons(polygons),
      changed: changeOf.has(id),
    }),
  );
  const drawn = plan.changes.flatMap((change): PaperShape[] =>
    change.geometry === null
      ? []
      : [
          {
            cell: change.cell,
            code: change.code,
            name: change.name,
            polygons: polygonsOf(change.geometry),
            changed: true,
          },
        ],
  );
  const after = [...before.filter(({ changed }) => !changed), ...drawn];
  const dutyOf = new Map(duty.map((one) => [one.code, one]));
  const oldOf = new Map(before.map((shape) => [shape.code, shape]));
  const grids = drawn.map(({ cell, code, name, polygons }): PaperGrid => {
    const own = before.find((shape) => shape.cell === cell);
    const sources = plan.lineage.filter(({ toCode }) => toCode === code).sort((a, b) => b.toShare - a.toShare);
    const old = own ? [own] : sources.flatMap(({ fromCode }) => oldOf.get(fromCode) ?? []);
    const heir = dutyOf.get(own?.code ?? sources[0]?.fromCode ?? "");
    return {
      cell,
      code,
      name,
      before: old.flatMap((shape) => shape.polygons),
      after: polygons,
      isNew: !own,
      sides: plan.bounds.find((one) => one.cell === cell)?.sides ?? [],
      households: plan.impact.cells.find((one) => one.cell === cell),
      leader: leaderOf(heir),
      unit: heir?.responsible?.organisation.name,
      inheritedFrom: own || !heir ? undefined : heir.name,
    };
  });
  return { plan, before, after, lines: linesOf(base), grids };
}

/** What is printed of a plan; undefined until it is there. */
export function usePaper(id: string | undefined): {
  readonly paper: Paper | undefined;
  readonly error: Error | undefined;
  readonly again: () => void;
} {
  const { data, error, retry } = useQuery(PlanPaperDocument, id ? { id } : undefined);
  const plan = data?.plan;
  const scope = plan?.scope.code;
  const at = plan?.baseAt;
  const duty = useQuery(PaperDutyDocument, scope && at ? { inside: scope, at } : undefined);
  const [base, setBase] = useState<PlanBase>();
  const [failed, setFailed] = useState<Error>();
  useEffect(() => {
    if (!scope || !at) return;
    const stop = new AbortController();
    fetchPlanBase(scope, at, stop.signal).then(setBase, (reason: unknown) => {
      if (!stop.signal.aborted) setFailed(reason instanceof Error ? reason : new Error(String(reason)));
    });
    return () => stop.abort();
  }, [scope, at]);
  const people = duty.data?.areas.nodes;
  const paper = useMemo(() => (plan && base && people ? paperOf(plan, base, people) : undefined), [plan, base, people]);
  return { paper, error: error ?? duty.error ?? failed, again: retry };
}
