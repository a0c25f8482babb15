import { useState } from "react";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { mayDo } from "../../../app/viewer.ts";
import { CaseWhistlesDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import type { CaseFile } from "../cases/case-file.ts";
import { useAdmittedUnits } from "../cases/use-admitted-units.ts";
import { BlowDialog } from "./blow-dialog.tsx";
import { WHISTLE_TEXTS } from "./texts.ts";
import { WhistleCard } from "./whistle-card.tsx";
import "./whistle.css";

/** Whistles of a case, a button to blow one, and what its resident thinks of the work. */
export function CaseWhistles({ file, onChanged }: { file: CaseFile; onChanged: () => void }) {
  const t = useTexts(WHISTLE_TEXTS);
  const county = useView((view) => view.county);
  const { data, error, retry } = useQuery(CaseWhistlesDocument, { id: file.id });
  useLiveRefetch({ kinds: ["INCIDENT"], refs: [file.ref] }, retry);
  const suggested = useAdmittedUnits(county, file);
  const [blowing, setBlowing] = useState(false);
  const changed = () => {
    retry();
    onChanged();
  };
  if (error && !data) return <ErrorNote error={error} retry={retry} />;
  if (!data) return <Skeleton />;
  const whistles = data.incident?.whistles ?? [];
  const rating = data.incident?.rating;
  return (
    <div className="whistles" data-testid="case-whistles">
      {whistles.length === 0 && <p className="tone-muted">{t.none}</p>}
      <ul>
        {whistles.map((whistle) => (
          <WhistleCard key={whistle.id} whistle={whistle} onChanged={changed} />
        ))}
      </ul>
      {mayDo("supervise") && file.closedAt === null && (
        <button type="button" className="button" onClick={() => setBlowing(true)}>
          {t.blow}
        </button>
      )}
      {rating && <p className={rating.satisfied ? "tone-good" : "tone-late"}>{fill(t.rated, { n: rating.rating })}</p>}
      {blowing && (
        <BlowDialog
          incident={file.id}
          version={data.incident?.version ?? file.version ?? 0}
          suggested={suggested}
          onClose={() => setBlowing(false)}
          onDone={() => {
            setBlowing(false);
            changed();
          }}
        />
      )}
    </div>
  );
}
