import { useMemo, useState } from "react";
import { Link } from "../../app/router.tsx";
import { formatView } from "../../app/url-state.ts";
import { useView } from "../../app/view-state.ts";
import { mayDo } from "../../app/viewer.ts";
import type { AreaFeature } from "../../data/county-data.ts";
import { useCountyData } from "../../data/county-store.ts";
import { CreatePlanDocument, PlansDocument } from "../../gql/generated.ts";
import { mutate } from "../../gql/mutate.ts";
import { useQuery } from "../../gql/use-query.ts";
import { fill, useTexts } from "../../layers/use-texts.ts";
import { Field } from "../../ui/field.tsx";
import { useFormat } from "../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { LAYER_TEXTS } from "./layers/texts.ts";
import { type GridsBeyond, gridsBeyond } from "./state/grids-beyond.ts";
import { PLAN_TEXTS } from "./texts.ts";
import { SCOPE_TEXTS } from "./texts-scope.ts";
import { useRun } from "./use-run.ts";

/** Plans that there are; a click opens one. */
function PlanList({ county }: { county: string }) {
  const t = useTexts(PLAN_TEXTS);
  const format = useFormat();
  const set = useView((view) => view.set);
  const { data, error, loading, retry } = useQuery(PlansDocument, county ? { inside: county } : undefined);
  return (
    <section aria-label={t.plans}>
      <h2>{t.plans}</h2>
      {error && <ErrorNote error={error} retry={retry} />}
      {loading && <Skeleton />}
      {data?.plans.nodes.length === 0 && <p className="tone-muted">{t.noPlans}</p>}
      <ul className="plan-list">
        {data?.plans.nodes.map((plan) => (
          <li key={plan.id}>
            <button
              type="button"
              className="button"
              onClick={() => set({ area: plan.scope.code, plan: plan.id, camera: undefined })}
            >
              <span>
                <b>{plan.name}</b> <span className="plan-mark">{t.states[plan.state]}</span>
              </span>
              <small className="tone-muted">
                {plan.scope.name} · {fill(t.by, { name: plan.author })} ·{" "}
                {fill(t.savedAt, { name: plan.savedBy, time: format.instant(Date.parse(plan.savedAt) / 1000) })}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How many grids of a community have too many or too few households. */
function BeyondMarks({ many, few }: GridsBeyond) {
  const t = useTexts(PLAN_TEXTS);
  const words = [many > 0 && fill(t.gridsMany, { n: many }), few > 0 && fill(t.gridsFew, { n: few })].filter(Boolean);
  return (
    <span className="plan-beyond" title={words.join(" · ")}>
      {many > 0 && <i data-band="many">▲{many}</i>}
      {few > 0 && <i data-band="few">▼{few}</i>}
    </span>
  );
}

/** A plan to begin: on the server, or in this browser alone. */
function NewPlan({ area }: { area: AreaFeature }) {
  const t = useTexts(PLAN_TEXTS);
  const set = useView((view) => view.set);
  const [name, setName] = useState(fill(t.defaultName, { name: area.name }));
  const { busy, error, run } = useRun();
  const open = (plan: string): void => set({ area: area.code, plan, camera: undefined });
  return (
    <form
      className="plan-new"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          const input = { scope: area.code, name, key: crypto.randomUUID() };
          const { createPlan } = await mutate(CreatePlanDocument, { input });
          open(createPlan.id);
        });
      }}
    >
      <strong>
        {t.newPlan} · {area.name}
      </strong>
      <Field label={t.planName} value={name} onValue={setName} />
      <div className="plan-steps">
        {mayDo("plan") && (
          <button type="submit" className="button primary" disabled={busy || !name.trim()}>
            {t.create}
          </button>
        )}
        <button type="button" className="button" onClick={() => open("draft")}>
          {t.tryOut}
        </button>
      </div>
      {error && (
        <p role="alert" className="tone-late">
          {error}
        </p>
      )}
    </form>
  );
}

/** A town or the county to plan as one. */
function WholeArea({
  area: { code, name },
  chosen,
  onChosen,
}: {
  area: AreaFeature;
  chosen: string | undefined;
  onChosen: (code: string | undefined) => void;
}) {
  const t = useTexts(SCOPE_TEXTS);
  return (
    <button
      type="button"
      className="button"
      title={t.wholeHint}
      aria-pressed={code === chosen}
      onClick={() => onChosen(code === chosen ? undefined : code)}
    >
      {fill(t.whole, { name })}
    </button>
  );
}

/** What to plan: plans that there are, and the communities of the area on screen to begin one. */
export function PlanHome() {
  const t = useTexts(PLAN_TEXTS);
  const areas = useCountyData((data) => data.areas);
  const area = useView((view) => view.area);
  const county = useView((view) => view.county);
  const layerWords = useTexts(LAYER_TEXTS);
  const [chosen, setChosen] = useState<string>();
  const beyond = useMemo(() => gridsBeyond(areas), [areas]);
  const communities = areas.filter(({ code, level }) => level === "community" && code.startsWith(area));
  // The county is offered where all of it is on screen.
  const whole = areas.find(({ code, level }) => level === "county" && code === area);
  const towns = areas.filter(
    ({ code, level }) => level === "town" && communities.some((one) => one.code.startsWith(code)),
  );
  if (areas.length === 0) return <Skeleton />;
  return (
    <main className="plan-home">
      <div className="plan-home-columns">
        <section aria-label={t.choose}>
          <h2>{t.choose}</h2>
          <p className="tone-muted">
            {t.chooseHint} {beyond.size > 0 && t.beyondHint}
          </p>
          <Link className="button" to={`/plan/layers${formatView({ ...useView.getState(), plan: undefined })}`}>
            {layerWords.title}
          </Link>
          {whole && (
            <div className="plan-choices">
              <WholeArea area={whole} chosen={chosen} onChosen={setChosen} />
            </div>
          )}
          {whole && whole.code === chosen && <NewPlan key={whole.code} area={whole} />}
          {towns.map((town) => {
            const here = communities.filter(({ code }) => code.startsWith(town.code));
            const open = here.find(({ code }) => code === chosen);
            return (
              <section key={town.code}>
                <h3>{town.name}</h3>
                <div className="plan-choices">
                  <WholeArea area={town} chosen={chosen} onChosen={setChosen} />
                  {here.map(({ code, name }) => (
                    <button
                      key={code}
                      type="button"
                      className="button"
                      aria-pressed={code === chosen}
                      onClick={() => setChosen(code === chosen ? undefined : code)}
                    >
                      {name}
                      {beyond.has(code) && <BeyondMarks many={0} few={0} {...beyond.get(code)} />}
                    </button>
                  ))}
                </div>
                {open && <NewPlan key={open.code} area={open} />}
                {town.code === chosen && <NewPlan key={town.code} area={town} />}
              </section>
            );
          })}
        </section>
        <PlanList county={county} />
      </div>
    </main>
  );
}
