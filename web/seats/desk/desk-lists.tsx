import { type KeyboardEvent, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { levelOfCode } from "../../../data/model/codes.ts";
import { DESK_TABS, type DeskTab, useView } from "../../app/view-state.ts";
import { may, mayDo } from "../../app/viewer.ts";
import { childAreas } from "../../panels/area-tree.ts";
import { PanelCard } from "../../panels/panel-card.tsx";
import { PANEL_IDS } from "../../panels/registry.ts";
import type { PanelInput } from "../../panels/types.ts";
import { Skeleton } from "../../ui/notes.tsx";
import { AreaCard } from "./area-card.tsx";
import { AreaList } from "./area-list.tsx";
import { CameraCard } from "./camera-card.tsx";
import { CaseCard } from "./case-card.tsx";
import { CaseList } from "./case-list.tsx";
import { CasePage } from "./cases/case-page.tsx";
import { EvaluationTab } from "./evaluation/evaluation-tab.tsx";
import { Intake } from "./intake/intake.tsx";
import { LateList } from "./late/late-list.tsx";
import { Queue } from "./queue/queue.tsx";
import { ShiftTab } from "./shift/shift-tab.tsx";
import { WhistleTab } from "./whistle/whistle-tab.tsx";

/** The right half of the desk: the thing chosen above, the lists below. */
export function DeskLists({ input }: { input: PanelInput | undefined }) {
  const { t } = useTranslation();
  const area = useView((view) => view.area);
  const incident = useView((view) => view.incidentRef);
  const camera = useView((view) => view.cameraId);
  const page = useView((view) => view.casePage);
  const intake = useView((view) => view.intake);
  const wanted = useView((view) => view.tab);
  const set = useView((view) => view.set);
  const drillTo = useView((view) => view.drillTo);
  const bar = useRef<HTMLDivElement>(null);
  const leaf = useMemo(() => !!input && childAreas(input.areas, area).length === 0, [input, area]);
  const tab: DeskTab = wanted ?? (leaf ? "cases" : "areas");
  // Who takes no step has no queue; who does not supervise keeps no duty log.
  const tabs = DESK_TABS.filter((id) => (id !== "queue" || mayDo("move")) && (id !== "shift" || mayDo("supervise")));
  const level = levelOfCode(area);
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    set({ tab: next });
    bar.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  // A case or a new one takes the whole side: what is filled in there is not to be pushed about by lists.
  if (intake && mayDo("report"))
    return (
      <div className="desk-side">
        <Intake />
      </div>
    );
  if (page && incident !== undefined)
    return (
      <div className="desk-side">
        <CasePage key={incident} incident={incident} />
      </div>
    );
  return (
    <div className="desk-side">
      {incident !== undefined && <CaseCard incident={incident} />}
      {camera !== undefined && may("camera") && <CameraCard id={camera} />}
      {incident === undefined && camera === undefined && (level === "grid" || level === "micro") && (
        <AreaCard code={area} />
      )}
      <div className="desk-lists card">
        <div ref={bar} role="tablist" aria-label={t("desk.lists")} className="tabs">
          {tabs.map((id) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`tab-${id}`}
              data-tab={id}
              aria-selected={tab === id}
              aria-controls="desk-list"
              tabIndex={tab === id ? 0 : -1}
              onClick={() => set({ tab: id })}
              onKeyDown={onKey}
            >
              {t(`tab.${id}`)}
            </button>
          ))}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard (WCAG 2.1.1) */}
        <div id="desk-list" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0} className="desk-list">
          {!input ? (
            <Skeleton />
          ) : tab === "shift" && mayDo("supervise") ? (
            <ShiftTab />
          ) : tab === "areas" ? (
            <AreaList input={input} />
          ) : tab === "cases" ? (
            <CaseList input={input} />
          ) : tab === "late" && may("incident") ? (
            <LateList />
          ) : tab === "whistles" && may("incident") ? (
            <WhistleTab />
          ) : tab === "evaluation" && may("incident") ? (
            <EvaluationTab key={area} />
          ) : tab === "queue" && mayDo("move") ? (
            <Queue />
          ) : (
            <div className="desk-panels">
              {PANEL_IDS.map((id) => (
                <PanelCard key={id} id={id} input={input} onPick={id === "ranking" ? drillTo : undefined} />
              ))}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
