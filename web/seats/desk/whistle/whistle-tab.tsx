import { useState } from "react";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { AreaWhistlesDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { openCase } from "../select-case.ts";
import { DepartmentScores } from "./department-scores.tsx";
import { Orders } from "./orders.tsx";
import { WHISTLE_TEXTS } from "./texts.ts";
import { WhistleCard } from "./whistle-card.tsx";
import "./whistle.css";

const PAGES = ["whistles", "scores", "orders"] as const;
const CASES = { kinds: ["INCIDENT"] } as const;

/** Whistles of the area on screen, the departments' year, and the five orders. */
export function WhistleTab() {
  const t = useTexts(WHISTLE_TEXTS);
  const [page, setPage] = useState<(typeof PAGES)[number]>("whistles");
  return (
    <div className="whistles">
      <fieldset className="choice">
        <legend className="sr-only">{t.whistles}</legend>
        {PAGES.map((one) => (
          <button key={one} type="button" className="button" aria-pressed={page === one} onClick={() => setPage(one)}>
            {t[one]}
          </button>
        ))}
      </fieldset>
      {page === "whistles" ? <AreaWhistles /> : page === "scores" ? <DepartmentScores /> : <Orders />}
    </div>
  );
}

function AreaWhistles() {
  const t = useTexts(WHISTLE_TEXTS);
  const inside = useView((view) => view.area);
  const [open, setOpen] = useState(true);
  const { data, error, retry } = useQuery(
    AreaWhistlesDocument,
    inside ? { inside, open: open ? true : null } : undefined,
  );
  useLiveRefetch(CASES, retry);
  return (
    <>
      <label className="whistle-filter">
        <input type="checkbox" checked={open} onChange={(event) => setOpen(event.currentTarget.checked)} /> {t.onlyOpen}
      </label>
      {error && !data && <ErrorNote error={error} retry={retry} />}
      {!data && !error && <Skeleton />}
      {data?.whistles.length === 0 && <EmptyNote title={t.noWhistles}>{t.noWhistlesHint}</EmptyNote>}
      <ul>
        {data?.whistles.map((whistle) => (
          <WhistleCard key={whistle.id} whistle={whistle} onChanged={retry} onOpenCase={openCase} />
        ))}
      </ul>
    </>
  );
}
