import { useState } from "react";
import { useCurrentCounty } from "../../../app/county-info.ts";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import {
  type AssessedRowFragment,
  DeskEvaluationDocument,
  type DeskEvaluationQuery,
  type EvaluationBy,
} from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { type AskedFigure, FigureCases } from "./figure-cases.tsx";
import { PERIODS, type Period, periodOf } from "./periods.ts";
import { EVALUATION_TEXTS } from "./texts.ts";
import "./evaluation.css";

const BY: readonly EvaluationBy[] = ["AREA", "DEPARTMENT", "POST"];
const CASES = { kinds: ["INCIDENT"] } as const;

/** Assessment of the area on screen: a table whose figures open the cases that they count. */
export function EvaluationTab() {
  const t = useTexts(EVALUATION_TEXTS);
  const inside = useView((view) => view.area);
  const county = useCurrentCounty();
  const [by, setBy] = useState<EvaluationBy>("AREA");
  const [period, setPeriod] = useState<Period>("days30");
  const [asked, setAsked] = useState<AskedFigure>();
  const span = county && periodOf(period, Date.parse(county.asOf), county.timezone);
  const { data, error, retry } = useQuery(DeskEvaluationDocument, span && inside ? { inside, by, ...span } : undefined);
  useLiveRefetch(asked ? undefined : CASES, retry);
  if (asked && span)
    return <FigureCases asked={asked} inside={inside} by={by} span={span} onBack={() => setAsked(undefined)} />;
  return (
    <div className="evaluation">
      <div className="evaluation-bar">
        <fieldset className="choice">
          <legend>{t.by}</legend>
          {BY.map((one) => (
            <button key={one} type="button" className="button" aria-pressed={by === one} onClick={() => setBy(one)}>
              {t[one]}
            </button>
          ))}
        </fieldset>
        <fieldset className="choice">
          <legend>{t.period}</legend>
          {PERIODS.map((one) => (
            <button
              key={one}
              type="button"
              className="button"
              aria-pressed={period === one}
              onClick={() => setPeriod(one)}
            >
              {t[one]}
            </button>
          ))}
        </fieldset>
      </div>
      {error && <ErrorNote error={error} retry={retry} />}
      {!data ? !error && <Skeleton /> : <Assessment evaluation={data.evaluation} onOpen={setAsked} />}
    </div>
  );
}

function Assessment({
  evaluation: { rows, total, formulas, version, asOf },
  onOpen,
}: {
  evaluation: DeskEvaluationQuery["evaluation"];
  onOpen: (asked: AskedFigure) => void;
}) {
  const t = useTexts(EVALUATION_TEXTS);
  const format = useFormat();
  const language = useView((view) => view.language);
  return (
    <>
      {rows.length === 0 && <EmptyNote title={t.nothing} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="evaluation-scroll" tabIndex={0} aria-label={t.by}>
        <table className="data-table evaluation-table" data-testid="evaluation">
          <caption className="sr-only">{t.by}</caption>
          <thead>
            <tr>
              <th scope="col">{t.rank}</th>
              <th scope="col">{t.name}</th>
              <th scope="col" data-align="end">
                {t.score}
              </th>
              <th scope="col" data-align="end">
                {t.cases}
              </th>
              {formulas.map(({ index }) => (
                <th key={index} scope="col" data-align="end">
                  {t[index]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key} row={row} name={row.name} askedKey={row.key} onOpen={onOpen} />
            ))}
          </tbody>
          <tfoot>
            <Row row={total} name={t.total} askedKey={null} onOpen={onOpen} />
          </tfoot>
        </table>
      </section>
      <section className="evaluation-formulas">
        <h3>{fill(t.formulas, { version })}</h3>
        <ul>
          {formulas.map(({ index, text, textEn, weight }) => (
            <li key={index}>
              {language === "en" ? textEn : text}{" "}
              <span className="tone-muted">{fill(t.weight, { weight: weight.toFixed(2) })}</span>
            </li>
          ))}
        </ul>
        <p className="tone-muted">{fill(t.rule, { asOf: format.instant(Date.parse(asOf) / 1000) })}</p>
      </section>
    </>
  );
}

function Row({
  row,
  name,
  askedKey,
  onOpen,
}: {
  row: AssessedRowFragment;
  name: string;
  /** Null for the total. */
  askedKey: string | null;
  onOpen: (asked: AskedFigure) => void;
}) {
  const t = useTexts(EVALUATION_TEXTS);
  const format = useFormat();
  return (
    <tr data-key={row.key}>
      <td>{askedKey === null ? "" : (row.rank ?? <span className="tone-muted">{t.unranked}</span>)}</td>
      <th scope="row">{name}</th>
      <td data-align="end">{row.score === null ? "" : row.score.toFixed(1)}</td>
      <td data-align="end">{format.number(row.cases)}</td>
      {row.figures.map(({ index, numerator, denominator, value }) => {
        const said = value === null ? t.none : format.percent(value);
        return (
          <td key={index} data-align="end">
            <button
              type="button"
              className="figure-button"
              data-index={index}
              disabled={denominator === 0}
              aria-label={fill(t.open, { name, index: t[index], value: said, numerator })}
              onClick={() => onOpen({ key: askedKey, name, index, numerator, denominator })}
            >
              <span>{said}</span>
              <small>
                {format.number(numerator)}/{format.number(denominator)}
              </small>
            </button>
          </td>
        );
      })}
    </tr>
  );
}
