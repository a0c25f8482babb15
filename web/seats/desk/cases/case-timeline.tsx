import { useTranslation } from "react-i18next";
import { may } from "../../../app/viewer.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { useFormat } from "../../../ui/format.ts";
import type { CaseFile } from "./case-file.ts";

/** What happened to a case, oldest first: each entry with its time, who, the county's word for the step, and the remark. */
export function CaseTimeline({ events }: { events: CaseFile["events"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { named, actor } = useCaseWords();
  return (
    <ol className="timeline" data-testid="timeline">
      {events.map((event, index) => {
        const { kind, at, note, step, toState } = event;
        const word = step ? named(step) : t(`incidentState.${toState.toLowerCase()}`);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are append-only, their number is their identity
          <li key={index} data-kind={kind.toLowerCase()}>
            <time dateTime={at}>{format.instant(Date.parse(at) / 1000)}</time>
            <div>
              <strong>{kind === "STEP" ? word : t(`caseEvent.${kind.toLowerCase()}`)}</strong>
              {may("incident_text") && (
                <span className="tone-muted"> {actor(event.actor) ?? t("caseEvent.noActor")}</span>
              )}
              {note && <p>{note}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
