import { useEffect, useState } from "react";
import { loadCountyInfo, useCountyInfo } from "../../app/county-info.ts";
import { useView } from "../../app/view-state.ts";
import { mayDo } from "../../app/viewer.ts";
import { useTexts } from "../../layers/use-texts.ts";
import { BoundaryBar } from "../../ui/boundaries/boundary-bar.tsx";
import { CountySelect, LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { ConnectionBanner } from "../../ui/connection.tsx";
import { DemoMark } from "../../ui/marks.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { ViewerMenu } from "../../ui/viewer-menu.tsx";
import { VisitorBanner } from "../../ui/visitor-mode.tsx";
import { Calls } from "./area/calls.tsx";
import { GridMap } from "./area/grid-map.tsx";
import { type FieldArea, useFieldArea } from "./area/use-field-area.ts";
import { TakePhoto } from "./photo/take-photo.tsx";
import { ReportFlow } from "./report/report-flow.tsx";
import { beginDraft, resumeSending, useReports } from "./report/report-store.ts";
import { Sendings } from "./report/sendings.tsx";
import { TaskList } from "./tasks/task-list.tsx";
import { TaskPage } from "./tasks/task-page.tsx";
import { draftPhoto } from "./tasks/task-photos.tsx";
import { useTasks } from "./tasks/use-tasks.ts";
import { FIELD_TEXTS } from "./texts.ts";
import { useFieldLoading } from "./use-field-loading.ts";
import "./field.css";

/** The phone of a grid worker: own grid, own tasks, and a report in four taps. */
export function Field() {
  const t = useTexts(FIELD_TEXTS);
  const county = useFieldLoading();
  const failed = useCountyInfo((state) => state.error);
  const caseRef = useView((view) => view.incidentRef);
  const intake = useView((view) => view.intake);
  const draft = useReports((reports) => reports.draft);
  const { data, error, retry } = useFieldArea(county?.code ?? "");
  const area = data?.area;
  // Whoever signed in again sends on what waited for it.
  useEffect(resumeSending, []);
  return (
    <div className="field-page">
      <header className="field-head">
        <div>
          <h1>{area?.name ?? t.grid}</h1>
          {area && (
            <p className="tone-muted">
              {[area.ancestors.at(-1)?.name, `${t.code} ${area.code}`].filter(Boolean).join(" · ")}
            </p>
          )}
        </div>
        <ViewerMenu />
      </header>
      <VisitorBanner />
      <ConnectionBanner />
      {area && <BoundaryBar inside={area.code} />}
      {county && area ? (
        intake && draft ? (
          <ReportFlow draft={draft} area={area} county={county.code} />
        ) : caseRef !== undefined ? (
          <TaskPage key={caseRef} county={county.code} caseRef={caseRef} area={area} />
        ) : (
          <Home area={area} />
        )
      ) : (error ?? (!county && failed)) ? (
        <ErrorNote
          error={(error ?? failed) as Error}
          retry={() => {
            retry();
            void loadCountyInfo();
          }}
        />
      ) : data && !area ? (
        <EmptyNote title={t.failed} />
      ) : (
        <Skeleton />
      )}
      <footer className="field-foot">
        <DemoMark />
        <CountySelect />
        <LanguageButton />
        <ThemeButton />
      </footer>
    </div>
  );
}

function Home({ area }: { area: FieldArea }) {
  const t = useTexts(FIELD_TEXTS);
  const tasks = useTasks(area.code);
  // Whoever comes back from a case or a report begins at the top.
  useEffect(() => {
    scrollTo(0, 0);
  }, []);
  const unit = area.responsible && !area.responsible.expired ? area.responsible.organisation : undefined;
  const marks = (tasks.data?.incidents.nodes ?? []).map(({ id, point: [lon = 0, lat = 0], late }) => ({
    id,
    place: [lon, lat] as const,
    late,
  }));
  return (
    <main className="field-main" data-testid="field-home">
      {mayDo("report") && <Report />}
      <Sendings />
      <GridMap own={area} neighbours={area.neighbours} marks={marks} />
      <TaskList tasks={tasks} />
      <section>
        <h2>{t.calls}</h2>
        <Calls duties={area.staffLinks ?? []} units={unit ? [unit] : []} />
      </section>
    </main>
  );
}

/** The button that begins a report, and the draft that was left open. */
function Report() {
  const t = useTexts(FIELD_TEXTS);
  const set = useView((view) => view.set);
  const draft = useReports((reports) => reports.draft);
  const [unreadable, setUnreadable] = useState(false);
  const begin = async (file?: File): Promise<void> => {
    try {
      beginDraft(file && (await draftPhoto(file)));
      setUnreadable(false);
      set({ intake: true });
    } catch {
      setUnreadable(true);
    }
  };
  if (draft)
    return (
      <button type="button" className="button primary field-report" onClick={() => set({ intake: true })}>
        {t.keep}
      </button>
    );
  return (
    <section className="field-begin">
      <TakePhoto camera className="button primary field-report" onFile={(file) => void begin(file)}>
        {t.report}
      </TakePhoto>
      <div className="field-actions">
        <TakePhoto camera={false} className="button" onFile={(file) => void begin(file)}>
          {t.fromGallery}
        </TakePhoto>
        <button type="button" className="button" onClick={() => void begin()}>
          {t.withoutPhoto}
        </button>
      </div>
      {unreadable && (
        <p role="alert" className="tone-late">
          {t.photoUnreadable}
        </p>
      )}
    </section>
  );
}
