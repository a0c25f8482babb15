import { useTranslation } from "react-i18next";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import { useCountyInfo } from "../../app/county-info.ts";
import { serverNow } from "../../app/server-clock.ts";
import { useView } from "../../app/view-state.ts";
import { HealthDocument, type HealthQuery } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { Badge, type Tone } from "../../ui/status.tsx";
import "./health.css";

type Finding = HealthQuery["health"]["findings"][number];

const SIGNS = {
  FAULT: { tone: "late", sign: "▲", text: "admin.health.fault" },
  NOTE: { tone: "soon", sign: "◆", text: "admin.health.note" },
  OK: { tone: "good", sign: "✓", text: "admin.health.ok" },
} as const satisfies Readonly<Record<Finding["level"], { tone: Tone; sign: string; text: string }>>;
const ORDER: readonly Finding["level"][] = ["FAULT", "NOTE", "OK"];
/** A clock that is further off misleads people, ms. */
const CLOCK_OFF_MS = 120_000;

/** How the server is: what needs somebody first, each with what to do. */
export function HealthTab({ county }: { county: string }) {
  const counties = useCountyInfo((state) => state.counties);
  // The server is one for all its counties: under the server itself any of them may ask.
  const asked = county === ROOT_COUNTY ? counties[0]?.code : county;
  const { t } = useTranslation();
  if (asked === undefined) return <EmptyNote title={t("admin.workflows.ofServerHint")} />;
  return <HealthOf key={asked} county={asked} />;
}

function HealthOf({ county }: { county: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, retry } = useQuery(HealthDocument, { county });
  if (error) return <ErrorNote error={error} retry={retry} />;
  if (!data) return <Skeleton />;
  const { at, findings } = data.health;
  const sorted = ORDER.flatMap((level) => findings.filter((one) => one.level === level));
  const faults = findings.filter(({ level }) => level === "FAULT").length;
  const off = Math.abs(Date.now() - serverNow());
  return (
    <section className="admin-list" aria-label={t("admin.health.title")} data-testid="health">
      <div className="admin-tools">
        <h2>{faults === 0 ? t("admin.health.allWell") : t("admin.health.faults", { count: faults })}</h2>
        <span className="tone-muted">
          {t("admin.health.lookedAt", { time: format.instant(Date.parse(at) / 1000) })}
        </span>
        <button type="button" className="button" onClick={retry}>
          {t("admin.health.again")}
        </button>
      </div>
      {off > CLOCK_OFF_MS && (
        <p className="note error" role="alert">
          {t("admin.health.clock", { minutes: Math.round(off / 60_000) })}
        </p>
      )}
      <ul className="health-list">
        {sorted.map((finding) => (
          <FindingLine key={`${finding.id}/${finding.nameZh}`} finding={finding} />
        ))}
      </ul>
      <p className="tone-muted">{t("admin.health.hint")}</p>
    </section>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const chinese = useView((view) => view.language) === "zh-CN";
  const { tone, sign, text } = SIGNS[finding.level];
  const advice = chinese ? finding.adviceZh : finding.adviceEn;
  return (
    <li data-level={finding.level}>
      <strong>{chinese ? finding.nameZh : finding.nameEn}</strong>
      <Badge tone={tone} sign={sign}>
        {t(text)}
      </Badge>
      <span className="health-detail">{chinese ? finding.detailZh : finding.detailEn}</span>
      {advice && (
        <span className="health-advice">
          <strong>{t("admin.health.todo")}</strong> {advice}
        </span>
      )}
    </li>
  );
}
