import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ROOT_COUNTY } from "../../../../data/policy/roles.ts";
import { useCountyInfo } from "../../../app/county-info.ts";
import {
  CheckMoveDocument,
  type CheckMoveMutation,
  DatabaseMoveDocument,
  type MoveStateFragment,
  StartMoveDocument,
} from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { Field } from "../../../ui/field.tsx";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import "./move.css";

/** How often a move in progress is asked about, ms. */
const LOOK_EVERY_MS = 1000;
const HASH_SHOWN = 16;

type Target = CheckMoveMutation["checkMove"];

/** From the embedded database to a server, step by step: what to prepare, a dry run, the move, what to set afterwards. */
export function MoveTab({ county }: { county: string }) {
  const { counties, database } = useCountyInfo();
  const { t } = useTranslation();
  const asked = county === ROOT_COUNTY ? counties[0]?.code : county;
  if (database === "NATIVE") return <EmptyNote title={t("admin.move.native")}>{t("admin.move.nativeHint")}</EmptyNote>;
  if (asked === undefined || database === undefined) return <EmptyNote title={t("admin.workflows.ofServerHint")} />;
  return <MoveOf key={asked} county={asked} />;
}

function MoveOf({ county }: { county: string }) {
  const { t } = useTranslation();
  const { data, error, retry } = useQuery(DatabaseMoveDocument, { county }, LOOK_EVERY_MS);
  if (!data) return error ? <ErrorNote error={error} retry={retry} /> : <Skeleton />;
  const move = data.databaseMove;
  return (
    <section className="admin-list" aria-label={t("admin.move.title")} data-testid="move" data-phase={move.phase}>
      <h2>{t("admin.move.heading")}</h2>
      {move.phase === "RUNNING" && <Running move={move} />}
      {move.phase === "DONE" && <Done move={move} />}
      {(move.phase === "NONE" || move.phase === "FAILED") && <Begin county={county} move={move} onBegun={retry} />}
    </section>
  );
}

function Begin({ county, move, onBegun }: { county: string; move: MoveStateFragment; onBegun: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, setUrl] = useState("");
  const [target, setTarget] = useState<Target>();
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Error & { hint?: string | undefined }>();
  const ask = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
    } catch (error) {
      setTarget(undefined);
      setRefusal(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  const check = () => ask(async () => setTarget((await mutate(CheckMoveDocument, { county, url })).checkMove));
  const start = () =>
    ask(async () => {
      await mutate(StartMoveDocument, { county, url });
      onBegun();
    });
  return (
    <>
      {move.phase === "FAILED" && (
        <p className="tone-late" role="alert">
          ▲ {t("admin.move.failed")} {move.error} {move.hint}
        </p>
      )}
      <p>{t("admin.move.intro")}</p>
      <ol className="move-steps">
        <li>
          {t("admin.move.prepare")}
          <div>
            <pre>
              {
                "CREATE ROLE jingwei LOGIN CREATEROLE PASSWORD '…';\nCREATE DATABASE jingwei OWNER jingwei TEMPLATE template0 ENCODING 'UTF8';\n\\c jingwei\nCREATE EXTENSION postgis; CREATE EXTENSION btree_gist;"
              }
            </pre>
          </div>
        </li>
        <li>
          {t("admin.move.check")}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void check();
            }}
          >
            <Field
              label={t("admin.move.url")}
              value={url}
              autoComplete="off"
              spellCheck={false}
              onValue={(value) => {
                setUrl(value);
                setTarget(undefined);
                setAgreed(false);
              }}
              note="postgres://jingwei:…@10.0.0.5:5432/jingwei"
            />
            <button type="submit" className="button" disabled={busy || url === ""}>
              {t("admin.move.tryIt")}
            </button>
            {refusal && (
              <p className="tone-late" role="alert">
                ▲ {t("admin.move.refused")} {refusal.message} {refusal.hint}
              </p>
            )}
            {target && (
              <p role="status" data-testid="move-target">
                ✓ {t("admin.move.ready", { ...target, cases: format.count(target.cases, true) })}
              </p>
            )}
          </form>
        </li>
        <li>
          {t("admin.move.begin")}
          <div>
            <label>
              <input
                type="checkbox"
                checked={agreed}
                disabled={!target}
                onChange={(event) => setAgreed(event.currentTarget.checked)}
              />{" "}
              {t("admin.move.agree")}
            </label>
            <button
              type="button"
              className="button primary"
              disabled={!target || !agreed || busy}
              onClick={() => void start()}
            >
              {t("admin.move.start")}
            </button>
          </div>
        </li>
      </ol>
    </>
  );
}

function Running({ move }: { move: MoveStateFragment }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      <p>{t("admin.move.running", { target: move.target ?? "" })}</p>
      <p>
        <progress /> {t("admin.move.counted", { count: move.counted })}
      </p>
    </div>
  );
}

function Done({ move }: { move: MoveStateFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = move.tables.reduce((sum, table) => sum + table.rows, 0);
  return (
    <>
      <p role="status">
        <strong>
          ✓{" "}
          {t("admin.move.done", {
            tables: move.tables.length,
            rows: format.count(rows, true),
            target: move.target ?? "",
          })}
        </strong>
      </p>
      <p className="tone-late">▲ {t("admin.move.readOnly")}</p>
      <ol className="move-steps">
        <li>
          {t("admin.move.set")}
          <div>
            <pre>{move.settings?.join("\n")}</pre>
            <span>{t("admin.move.setHint")}</span>
          </div>
        </li>
        <li>{t("admin.move.restart")}</li>
        <li>{t("admin.move.after")}</li>
      </ol>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by the keyboard too */}
      <div className="move-scroll" tabIndex={0}>
        <table className="move-tables">
          <thead>
            <tr>
              <th>{t("admin.move.table")}</th>
              <th>{t("admin.move.rows")}</th>
              <th>{t("admin.move.hash")}</th>
            </tr>
          </thead>
          <tbody>
            {move.tables.map(({ name, rows: count, hash }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{format.count(count, true)}</td>
                <td>
                  <code>{hash.slice(0, HASH_SHOWN)}…</code> ＝
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
