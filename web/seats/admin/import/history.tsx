import { useState } from "react";
import { useView } from "../../../app/view-state.ts";
import { ImportHistoryDocument, type ImportHistoryQuery, UndoImportDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { DataTable } from "../../../ui/data-table.tsx";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import type { TableModel } from "../../../ui/table-model.ts";
import { ActionForm } from "../dialogs.tsx";
import { kindText } from "./kind-texts.ts";
import { IMPORT_TEXTS } from "./texts.ts";

type Batch = ImportHistoryQuery["imports"]["nodes"][number];

/** Imports of the county, newest first, each to be taken back as a whole. */
export function History({ county }: { county: string }) {
  const t = useTexts(IMPORT_TEXTS);
  const format = useFormat();
  const language = useView((view) => view.language);
  const [before, setBefore] = useState<readonly (string | null)[]>([null]);
  const [undoing, setUndoing] = useState<Batch>();
  const [done, setDone] = useState("");
  const after = before.at(-1) ?? null;
  const { data, error, retry } = useQuery(ImportHistoryDocument, { county, after });
  const batches = data?.imports.nodes ?? [];
  const when = (at: string): string => format.instant(Date.parse(at) / 1000);
  const model: TableModel = {
    title: t.history,
    notes: [],
    columns: [
      { key: "at", title: t.when },
      { key: "what", title: t.what },
      { key: "who", title: t.who },
      { key: "result", title: t.result },
      { key: "undo", title: t.undo },
    ],
    rows: batches.map((batch) => ({
      key: batch.id,
      at: when(batch.at),
      what: `${kindText(language, batch.kind).name} · ${batch.files}`,
      who: batch.by ?? "–",
      result: `${t.loaded} ${format.number(batch.report.loaded)} · ${t.updated} ${format.number(batch.report.updated)}`,
      undo: batch.undoneAt ? fill(t.undone, { time: when(batch.undoneAt), who: batch.undoneBy ?? "–" }) : t.undo,
    })),
  };
  const next = data?.imports.pageInfo.hasNextPage ? data.imports.pageInfo.endCursor : null;
  return (
    <section className="import-history" aria-label={t.history}>
      <h2>{t.history}</h2>
      {done && <p role="status">{done}</p>}
      {error && <ErrorNote error={error} retry={retry} />}
      {!data && !error && <Skeleton />}
      {data && batches.length === 0 && <EmptyNote title={t.historyNone}>{t.historyHint}</EmptyNote>}
      {batches.length > 0 && (
        <div className="import-scroll">
          <DataTable
            testId="imports"
            model={model}
            show={{
              undo: (value, row) =>
                batches[row]?.undoable ? (
                  <button type="button" className="button" onClick={() => setUndoing(batches[row])}>
                    {value}
                  </button>
                ) : (
                  (batches[row]?.undoneAt && value) || "–"
                ),
            }}
          />
        </div>
      )}
      {next && (
        <button type="button" className="button" onClick={() => setBefore([...before, next])}>
          {t.more}
        </button>
      )}
      {undoing && (
        <ActionForm
          title={t.undoTitle}
          action={t.undo}
          explanation={`${kindText(language, undoing.kind).name} · ${undoing.files}。${fill(t.undoWhat, {
            loaded: format.number(undoing.report.loaded),
            updated: format.number(undoing.report.updated),
          })}`}
          onClose={() => setUndoing(undefined)}
          onSubmit={async (_, reason) => {
            const { undoImport } = await mutate(UndoImportDocument, { id: undoing.id, reason: reason || null });
            setDone(fill(t.undoneDone, { removed: undoImport.removed, restored: undoImport.restored }));
            retry();
          }}
        />
      )}
    </section>
  );
}
