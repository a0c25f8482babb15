import { useTranslation } from "react-i18next";
import type { DutyLineFragment } from "../../../gql/generated.ts";
import { useFormat } from "../../../ui/format.ts";

/** Entries of the duty log, in the order given. */
export function DutyLines({ entries }: { readonly entries: readonly DutyLineFragment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol className="duty-lines" data-testid="duty-log">
      {entries.map(({ id, kind, author, at, text }) => (
        <li key={id} data-kind={kind}>
          <p className="duty-head">
            <time dateTime={at}>{format.instant(Date.parse(at) / 1000)}</time>
            <strong>{author}</strong>
            {kind !== "NOTE" && <span className="duty-kind">{t(`shift.kind.${kind.toLowerCase()}`)}</span>}
          </p>
          {text && <p className="duty-text">{text}</p>}
        </li>
      ))}
    </ol>
  );
}
