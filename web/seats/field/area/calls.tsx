import { useTranslation } from "react-i18next";
import type { FieldDutyFragment } from "../../../gql/generated.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { FIELD_TEXTS } from "../texts.ts";

/** A unit with the line of its office. */
interface CalledUnit {
  readonly id: string;
  readonly name: string;
  readonly dutyPhone?: string | null;
}

/** Buttons that call whoever answers: those on duty first, then units. One without a phone is told by name alone. */
export function Calls({ duties, units }: { duties: readonly FieldDutyFragment[]; units: readonly CalledUnit[] }) {
  const t = useTexts(FIELD_TEXTS);
  const { t: word } = useTranslation();
  const people = duties.filter(({ staff }) => staff).sort((a, b) => Number(b.onDuty) - Number(a.onDuty));
  const called = new Set<string>();
  const lines = [
    ...people.flatMap(({ staff, post, onDuty }) => {
      if (!staff || called.has(staff.id)) return [];
      called.add(staff.id);
      const what = `${word(`post.${post.kind.toLowerCase()}`)} · ${onDuty ? t.onDuty : t.offDuty}`;
      return [{ id: staff.id, name: staff.name, what, phone: staff.workPhone ?? undefined, quiet: !onDuty }];
    }),
    ...units.map(({ id, name, dutyPhone }) => ({
      id,
      name,
      what: t.responsible,
      phone: dutyPhone ?? undefined,
      quiet: false,
    })),
  ];
  if (!lines.length) return <p className="tone-muted">{t.noCalls}</p>;
  const first = lines.filter(({ quiet }) => !quiet);
  const others = lines.filter(({ quiet }) => quiet);
  return (
    <div data-testid="field-calls">
      <Lines lines={first.length ? first : others} />
      {first.length > 0 && others.length > 0 && (
        <details className="field-more">
          <summary className="button">{fill(t.offDutyCount, { count: others.length })}</summary>
          <Lines lines={others} />
        </details>
      )}
    </div>
  );
}

interface Line {
  readonly id: string;
  readonly name: string;
  readonly what: string;
  readonly phone: string | undefined;
}

function Lines({ lines }: { lines: readonly Line[] }) {
  const t = useTexts(FIELD_TEXTS);
  return (
    <ul className="field-calls">
      {lines.map(({ id, name, what, phone }) => (
        <li key={id}>
          {phone ? (
            <a className="button" href={`tel:${phone}`} aria-label={`${fill(t.call, { name })} ${phone}`}>
              <span>
                <strong>{name}</strong>
                <span className="tone-muted">{what}</span>
              </span>
              <span className="phone">☎ {phone}</span>
            </a>
          ) : (
            <span className="field-no-phone">
              <strong>{name}</strong> <span className="tone-muted">{what}</span>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
