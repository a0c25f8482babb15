import { useState } from "react";
import { localTime } from "../../../../data/model/zoned-time.ts";
import { useCurrentCounty } from "../../../app/county-info.ts";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { DepartmentScoresDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { WHISTLE_TEXTS } from "./texts.ts";

const DAY_MS = 86_400_000;
const CASES = { kinds: ["INCIDENT"] } as const;

/** What communities give the departments of the county in a year, best first. */
export function DepartmentScores() {
  const t = useTexts(WHISTLE_TEXTS);
  const format = useFormat();
  const county = useCurrentCounty();
  const thisYear = county
    ? new Date(localTime(Date.parse(county.asOf), county.timezone).day * DAY_MS).getUTCFullYear()
    : undefined;
  const [back, setBack] = useState(0);
  const year = thisYear === undefined ? undefined : thisYear - back;
  const { data, error, retry } = useQuery(
    DepartmentScoresDocument,
    county && year !== undefined ? { county: county.code, year } : undefined,
  );
  useLiveRefetch(CASES, retry);
  return (
    <>
      <fieldset className="choice">
        <legend className="sr-only">{t.scores}</legend>
        {thisYear !== undefined &&
          [0, 1].map((n) => (
            <button key={n} type="button" className="button" aria-pressed={back === n} onClick={() => setBack(n)}>
              {fill(t.year, { year: thisYear - n })}
            </button>
          ))}
      </fieldset>
      {error && !data && <ErrorNote error={error} retry={retry} />}
      {!data && !error && <Skeleton />}
      {data?.departmentScores.length === 0 && <EmptyNote title={t.noScores} />}
      {data && data.departmentScores.length > 0 && (
        <table className="data-table" data-testid="department-scores">
          <caption className="sr-only">{t.scores}</caption>
          <thead>
            <tr>
              <th scope="col">{t.department}</th>
              {[t.calls, t.inTime, t.lateCount, t.meanRating, t.scorePoints, t.yearPart].map((title) => (
                <th key={title} scope="col" data-align="end">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.departmentScores.map(({ organisation, calls, inTime, late, rating, points, yearPart }) => (
              <tr key={organisation.id}>
                <th scope="row">{organisation.name}</th>
                <td data-align="end">{format.number(calls)}</td>
                <td data-align="end">{format.number(inTime)}</td>
                <td data-align="end">{format.number(late)}</td>
                <td data-align="end">{rating === null ? "–" : rating.toFixed(1)}</td>
                <td data-align="end">{points.toFixed(1)}</td>
                <td data-align="end">{yearPart.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="tone-muted">{t.scoresNote}</p>
    </>
  );
}
