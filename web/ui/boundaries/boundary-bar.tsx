import { useState } from "react";
import { useCountyInfo } from "../../app/county-info.ts";
import { serverNow } from "../../app/server-clock.ts";
import { useCountyData } from "../../data/county-store.ts";
import { BoundaryChangesDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { fill, useTexts } from "../../layers/use-texts.ts";
import { BoundaryMap } from "./boundary-map.tsx";
import { type BoundaryChange, changesAround, DAY_MS, DAYS_AFTER } from "./changes.ts";
import { BOUNDARY_TEXTS } from "./texts.ts";
import "./boundaries.css";

/** A day of the county's zone, 2026-03-01. */
export const dayIn = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date(iso));

/** Around the day of a change: which grids of the area are others, old and new, and what moved. */
export function BoundaryBar({ inside }: { readonly inside: string }) {
  const t = useTexts(BOUNDARY_TEXTS);
  const areas = useCountyData((county) => county.areas);
  // An address may name an area that ended: there is nothing inside it.
  const known = areas.length === 0 || areas.some(({ code }) => code === inside);
  const [since] = useState(() => new Date(serverNow() - DAYS_AFTER * DAY_MS).toISOString());
  const { data } = useQuery(BoundaryChangesDocument, inside.length >= 6 && known ? { inside, since } : undefined);
  const zone = useCountyInfo(({ counties }) => counties.find(({ code }) => inside.startsWith(code))?.timezone);
  const [open, setOpen] = useState(false);
  const changes = data ? changesAround(data.areas.nodes, serverNow()) : [];
  if (changes.length === 0) return null;
  const day = ({ at }: BoundaryChange): string => dayIn(at, zone ?? "Asia/Shanghai");
  return (
    <section className="boundary-bar" aria-label={t.title}>
      {changes.map((change) => (
        <div key={change.at} data-change={change.at}>
          <p>
            <b>{t.title}</b>{" "}
            {fill(change.coming ? t.from : t.since, {
              day: day(change),
              count: new Set(change.lines.map(({ toCode }) => toCode)).size,
            })}{" "}
            <button type="button" className="button" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? t.hide : t.show}
            </button>
          </p>
          {open && (
            <div className="boundary-both">
              <ul>
                {change.lines.map(({ kind, fromCode, toCode, fromName, toName, share }) => (
                  <li key={`${fromCode} ${toCode}`}>
                    <b>{t.kinds[kind]}</b>{" "}
                    {fill(t.line, { from: `${fromName} ${fromCode}`, to: `${toName} ${toCode}` })}
                    {share !== null && share < 0.9995 && (
                      <small className="tone-muted"> {fill(t.part, { share: `${(share * 100).toFixed(0)}%` })}</small>
                    )}
                  </li>
                ))}
              </ul>
              <BoundaryMap change={change} />
              {!change.coming && <small className="tone-muted">{t.stays}</small>}
            </div>
          )}
        </div>
      ))}
    </section>
  );
}
