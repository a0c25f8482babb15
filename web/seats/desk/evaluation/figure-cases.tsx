import { useCallback, useEffect, useState } from "react";
import { may } from "../../../app/viewer.ts";
import {
  DeskEvaluationCasesDocument,
  type EvaluationBy,
  type EvaluationIndex,
  type EvaluationPart,
} from "../../../gql/generated.ts";
import { request } from "../../../gql/request.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { CaseLine } from "../../../ui/cases/case-line.tsx";
import { appendPage, type CaseRows, NO_ROWS } from "../../../ui/cases/case-rows.ts";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { openCase } from "../select-case.ts";
import { EVALUATION_TEXTS } from "./texts.ts";

const PAGE = 50;
const CLOCK_MS = 15_000;

/** A figure of the table that somebody opened. */
export interface AskedFigure {
  /** Key of its row; null for the total. */
  readonly key: string | null;
  readonly name: string;
  readonly index: EvaluationIndex;
  readonly numerator: number;
  readonly denominator: number;
}

interface Read {
  readonly list: CaseRows;
  readonly loading: boolean;
  readonly error?: Error;
}

/** The cases that a figure counts, or those out of which. */
export function FigureCases({
  asked,
  inside,
  by,
  span,
  onBack,
}: {
  asked: AskedFigure;
  inside: string;
  by: EvaluationBy;
  span: { readonly from: string; readonly to: string };
  onBack: () => void;
}) {
  const t = useTexts(EVALUATION_TEXTS);
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const [part, setPart] = useState<EvaluationPart>("NUMERATOR");
  const [state, setState] = useState<Read>({ list: NO_ROWS, loading: true });
  const { key, index } = asked;
  const { from, to } = span;
  const read = useCallback(
    async (before: CaseRows, stopped: () => boolean): Promise<void> => {
      try {
        const { evaluationCases } = await request(DeskEvaluationCasesDocument, {
          inside,
          by,
          key,
          index,
          part,
          from,
          to,
          first: PAGE,
          after: before.after,
          acts: may("incident_text"),
        });
        if (!stopped()) setState({ list: appendPage(before, evaluationCases), loading: false });
      } catch (error) {
        if (!stopped()) setState({ list: before, loading: false, error: error as Error });
      }
    },
    [inside, by, key, index, part, from, to],
  );
  useEffect(() => {
    let stopped = false;
    setState({ list: NO_ROWS, loading: true });
    void read(NO_ROWS, () => stopped);
    return () => {
      stopped = true;
    };
  }, [read]);
  const { list, loading, error } = state;
  return (
    <section className="figure-cases" data-testid="figure-cases">
      <div className="evaluation-bar">
        <button type="button" className="button" onClick={onBack}>
          ‹ {t.back}
        </button>
        <h3>{fill(t.listTitle, { name: asked.name, index: t[index] })}</h3>
        <fieldset className="choice">
          <legend className="sr-only">{t[index]}</legend>
          <button
            type="button"
            className="button"
            aria-pressed={part === "NUMERATOR"}
            onClick={() => setPart("NUMERATOR")}
          >
            {fill(t.counted, { count: format.number(asked.numerator) })}
          </button>
          <button
            type="button"
            className="button"
            aria-pressed={part === "DENOMINATOR"}
            onClick={() => setPart("DENOMINATOR")}
          >
            {fill(t.outOf, { count: format.number(asked.denominator) })}
          </button>
        </fieldset>
      </div>
      {error && <ErrorNote error={error} retry={() => void read(list, () => false)} />}
      {loading ? (
        <Skeleton />
      ) : (
        <>
          <p role="status" data-testid="figure-total" data-total={list.total}>
            {list.total === 0
              ? t.noCases
              : fill(t.shown, { shown: list.rows.length, total: format.number(list.total) })}
          </p>
          <ul className="case-buttons">
            {list.rows.map((row) => (
              <li key={row.id}>
                <button type="button" className="case-button" onClick={() => openCase(row.ref)}>
                  <CaseLine row={row} now={now} />
                </button>
              </li>
            ))}
          </ul>
          {list.after !== undefined && (
            <button type="button" className="button" onClick={() => void read(list, () => false)}>
              {t.more}
            </button>
          )}
        </>
      )}
    </section>
  );
}
