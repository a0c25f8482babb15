import { useView } from "../../app/view-state.ts";
import { useCountyData } from "../../data/county-store.ts";
import { useTexts } from "../../layers/use-texts.ts";
import { Skeleton } from "../../ui/notes.tsx";
import { PLAN_TEXTS } from "./texts.ts";

/** What to plan: the communities of the area on screen. */
export function PlanHome() {
  const t = useTexts(PLAN_TEXTS);
  const areas = useCountyData((data) => data.areas);
  const area = useView((view) => view.area);
  const set = useView((view) => view.set);
  const communities = areas.filter(({ code, level }) => level === "community" && code.startsWith(area));
  const towns = areas.filter(({ level }) => level === "town");
  if (areas.length === 0) return <Skeleton />;
  return (
    <main className="plan-home">
      <h2>{t.choose}</h2>
      <p className="tone-muted">{t.chooseHint}</p>
      {towns
        .filter((town) => communities.some(({ code }) => code.startsWith(town.code)))
        .map((town) => (
          <section key={town.code}>
            <h3>{town.name}</h3>
            <ul className="plan-choices">
              {communities
                .filter(({ code }) => code.startsWith(town.code))
                .map(({ code, name }) => (
                  <li key={code}>
                    <button
                      type="button"
                      className="button"
                      onClick={() => set({ area: code, plan: "draft", camera: undefined })}
                    >
                      {name}
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
    </main>
  );
}
