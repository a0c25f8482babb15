import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import type { AdminWorkflowFragment } from "../../gql/generated.ts";
import { BOX_HEIGHT, BOX_WIDTH, layoutWorkflow } from "./workflow-layout.ts";

interface Props {
  readonly workflow: AdminWorkflowFragment;
  /** Key of the step whose ways are looked at. */
  readonly chosen: string;
  readonly onChoose: (step: string) => void;
  /** A mouse points at a step; undefined when it has left. */
  readonly onPoint: (step: string | undefined) => void;
}

/** A workflow as boxes and arrows: ways between main steps always, those of the chosen step in full. */
export function WorkflowDrawing({ workflow, chosen, onChoose, onPoint }: Props) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const head = useId();
  const { boxes, arrows, width, height } = layoutWorkflow(workflow.steps, workflow.transitions);
  const steps = new Map(workflow.steps.map((step) => [step.key, step]));
  const touches = (arrow: { readonly from: string; readonly to: string }): boolean =>
    arrow.from === chosen || arrow.to === chosen;
  // Those of the chosen step come last: they lie on top.
  const shown = arrows
    .filter((arrow) => !arrow.side || touches(arrow))
    .sort((a, b) => Number(touches(a)) - Number(touches(b)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset
    <svg
      className="workflow"
      role="group"
      aria-label={t("admin.workflows.drawing")}
      viewBox={`0 0 ${width} ${height}`}
      style={{ width, minWidth: width }}
    >
      <title>{language === "en" ? workflow.nameEn : workflow.name}</title>
      <defs>
        <marker
          id={head}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0L8 4L0 8z" className="workflow-head" />
        </marker>
      </defs>
      {shown.map((arrow) => (
        <path
          key={`${arrow.from} ${arrow.to}`}
          d={arrow.path}
          className="workflow-way"
          data-out={arrow.from === chosen || undefined}
          data-in={arrow.to === chosen || undefined}
          markerEnd={`url(#${head})`}
        />
      ))}
      {boxes.map(({ key, x, y }) => {
        const step = steps.get(key);
        if (!step) return null;
        const name = language === "en" ? step.nameEn : step.name;
        const state = t(`incidentState.${step.state.toLowerCase()}`);
        return (
          // biome-ignore lint/a11y/useSemanticElements: an SVG holds no button
          <g
            key={key}
            role="button"
            tabIndex={0}
            aria-pressed={key === chosen}
            aria-label={name === state ? name : `${name} (${state})`}
            className="workflow-step"
            data-side={step.side || undefined}
            data-chosen={key === chosen || undefined}
            data-step={key}
            transform={`translate(${x} ${y})`}
            onClick={() => onChoose(key)}
            onPointerEnter={(event) => event.pointerType === "mouse" && onPoint(key)}
            onPointerLeave={() => onPoint(undefined)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              onChoose(key);
            }}
          >
            <rect width={BOX_WIDTH} height={BOX_HEIGHT} rx={6} />
            <text x={BOX_WIDTH / 2} y={name === state ? BOX_HEIGHT / 2 + 4.5 : 19}>
              {shorten(name)}
            </text>
            {name !== state && (
              <text x={BOX_WIDTH / 2} y={35} className="workflow-state">
                {state}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** What fits into a box; the whole name is in its label and in the list beneath. */
const shorten = (name: string): string => {
  const wide = [...name].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 2 : 1.05), 0);
  return wide <= 17 ? name : `${[...name].slice(0, /\p{Script=Han}/u.test(name) ? 7 : 14).join("")}…`;
};
