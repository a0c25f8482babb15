import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import { useView } from "../../app/view-state.ts";
import { type AdminWorkflowFragment, AdminWorkflowsDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { WorkflowDrawing } from "./workflow-drawing.tsx";

/** How cases of a county go: each of its workflows drawn from the definition that moves them. */
export function WorkflowsTab({ county }: { county: string }) {
  const { t } = useTranslation();
  const { data, error, loading, retry } = useQuery(
    AdminWorkflowsDocument,
    county === ROOT_COUNTY ? undefined : { county },
  );
  const language = useView((view) => view.language);
  const [key, setKey] = useState<string>();
  if (county === ROOT_COUNTY)
    return <EmptyNote title={t("admin.workflows.ofServer")}>{t("admin.workflows.ofServerHint")}</EmptyNote>;
  if (error && !data) return <ErrorNote error={error} retry={retry} />;
  if (loading && !data) return <Skeleton />;
  const workflows = data?.workflows ?? [];
  const workflow = workflows.find((one) => one.key === key) ?? workflows[0];
  if (!workflow) return null;
  return (
    <section className="admin-list" aria-label={t("admin.workflows.title")}>
      <div className="admin-tools">
        {workflows.map((one) => (
          <button
            key={one.key}
            type="button"
            className={one === workflow ? "button primary" : "button"}
            aria-pressed={one === workflow}
            onClick={() => setKey(one.key)}
          >
            {language === "en" ? one.nameEn : one.name}
          </button>
        ))}
      </div>
      <Workflow key={workflow.key} workflow={workflow} />
    </section>
  );
}

function Workflow({ workflow }: { readonly workflow: AdminWorkflowFragment }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const [chosen, setChosen] = useState(workflow.steps[0]?.key ?? "");
  /** Pointed at by a mouse: looked at until it leaves. */
  const [pointed, setPointed] = useState<string>();
  const looked = pointed ?? chosen;
  const named = ({ name, nameEn }: { readonly name: string; readonly nameEn: string }): string =>
    language === "en" ? nameEn : name;
  const list = (items: readonly string[], between = t("admin.workflows.comma")): string =>
    items.length === 0 ? "–" : items.join(between);
  const stepName = (key: string): string => {
    const step = workflow.steps.find((one) => one.key === key);
    return step ? named(step) : key;
  };
  /** Clocks by what happens to them: all of them are named at once where the same happens to all. */
  const clocksOf = (clocks: AdminWorkflowFragment["transitions"][number]["clocks"]): string =>
    list(
      (["START", "STOP", "PAUSE", "RESUME"] as const).flatMap((effect) => {
        const targets = clocks.filter((clock) => clock.effect === effect).map(({ target }) => target ?? "STATE");
        if (targets.length === 0) return [];
        const names =
          targets.length === 5
            ? t("admin.workflows.allClocks")
            : list(targets.map((one) => t(`caseClock.target.${one}`)));
        return [t(`admin.workflows.effect.${effect}`, { clocks: names })];
      }),
      " · ",
    );
  const ways = workflow.transitions.filter(({ from }) => from === looked);
  const model: TableModel = {
    title: t("admin.workflows.waysFrom", { step: stepName(looked) }),
    notes: [],
    columns: [
      { key: "name", title: t("admin.workflows.way") },
      { key: "to", title: t("admin.workflows.to") },
      { key: "roles", title: t("admin.workflows.roles") },
      { key: "requires", title: t("admin.workflows.requires") },
      { key: "clocks", title: t("admin.workflows.clocks") },
    ],
    rows: ways.map((way) => ({
      key: way.to,
      name: named(way),
      to: stepName(way.to),
      roles: [
        list(way.roles.map((role) => t(`role.${role.toLowerCase()}`))),
        way.notByHandler ? t("admin.workflows.notByHandler") : "",
      ]
        .filter(Boolean)
        .join(t("admin.workflows.comma")),
      requires: list(way.requires.map((one) => t(`admin.workflows.need.${one}`))),
      clocks: clocksOf(way.clocks),
    })),
  };
  return (
    <>
      <p className="muted">{t("admin.workflows.hint", { version: workflow.version })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="workflow-scroll" tabIndex={0} aria-label={named(workflow)}>
        <WorkflowDrawing workflow={workflow} chosen={looked} onChoose={setChosen} onPoint={setPointed} />
      </section>
      <h2 aria-live="polite">{model.title}</h2>
      {ways.length === 0 ? (
        <EmptyNote title={t("admin.workflows.ends")}>{t("admin.workflows.endsHint")}</EmptyNote>
      ) : (
        <DataTable model={model} testId="workflow-ways" />
      )}
    </>
  );
}
