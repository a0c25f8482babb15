import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { DEFAULT_VIEW, useView } from "../../app/view-state.ts";
import { usePlane } from "../../plane/use-plane.ts";
import { useFormat } from "../../ui/format.ts";
import { Popover } from "../../ui/popover.tsx";

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

/** Adds or takes one; an empty list is no condition. */
function toggled<T>(list: readonly T[] | undefined, value: T, on: boolean): readonly T[] | undefined {
  const next = (list ?? []).filter((other) => other !== value);
  if (on) next.push(value);
  return next.length ? next : undefined;
}

/** Filters over the columns already here: map, panels and lists follow at once and nothing is fetched. */
export function FilterBar() {
  const { t } = useTranslation();
  const format = useFormat();
  const known = usePlane((plane) => plane.columns?.classes);
  const filters = useView((view) => view.filters);
  const setFilters = useView((view) => view.setFilters);
  const set = useView((view) => view.set);
  const majors = useMemo(() => {
    const groups = new Map<string, string[]>();
    for (const code of [...(known ?? [])].sort()) {
      const group = groups.get(code.slice(0, 2));
      if (group) group.push(code);
      else groups.set(code.slice(0, 2), [code]);
    }
    return [...groups];
  }, [known]);
  const classes = filters.classes ?? [];
  const touched = formatTouched(filters);
  return (
    <fieldset className="filters">
      <legend className="sr-only">{t("filter.title")}</legend>
      <Popover {...counted(t("filter.classes"), classes.length)}>
        {majors.map(([major, minors]) => (
          <div key={major} className="class-group">
            <Check
              label={format.className(major)}
              checked={classes.includes(major)}
              onChange={(on) =>
                setFilters({
                  classes: toggled(
                    classes.filter((code) => code === major || !code.startsWith(major)),
                    major,
                    on,
                  ),
                })
              }
            />
            <details>
              <summary>{t("filter.minors", { count: minors.length })}</summary>
              {minors.map((code) => (
                <Check
                  key={code}
                  label={format.className(code)}
                  checked={classes.includes(major) || classes.includes(code)}
                  onChange={(on) => {
                    // Taking one out of a whole group leaves the others of it.
                    const spelled = classes.includes(major)
                      ? [...classes.filter((entry) => entry !== major), ...minors]
                      : classes;
                    setFilters({ classes: toggled(spelled, code, on) });
                  }}
                />
              ))}
            </details>
          </div>
        ))}
      </Popover>
      <Popover {...counted(t("filter.states"), filters.states?.length ?? 0)}>
        {INCIDENT_STATES.map((state, index) => (
          <Check
            key={state}
            label={t(`incidentState.${state}`)}
            checked={filters.states?.includes(index) ?? false}
            onChange={(on) => setFilters({ states: toggled(filters.states, index, on) })}
          />
        ))}
      </Popover>
      <Popover {...counted(t("filter.severities"), filters.severities?.length ?? 0)}>
        {INCIDENT_SEVERITIES.map((severity, index) => (
          <Check
            key={severity}
            label={t(`severity.${severity}`)}
            checked={filters.severities?.includes(index) ?? false}
            onChange={(on) => setFilters({ severities: toggled(filters.severities, index, on) })}
          />
        ))}
      </Popover>
      <Popover {...counted(t("filter.sources"), filters.sources?.length ?? 0)}>
        {INCIDENT_SOURCES.map((source, index) => (
          <Check
            key={source}
            label={t(`source.${source}`)}
            checked={filters.sources?.includes(index) ?? false}
            onChange={(on) => setFilters({ sources: toggled(filters.sources, index, on) })}
          />
        ))}
      </Popover>
      <button
        type="button"
        className="button"
        aria-pressed={filters.late === true}
        onClick={() => setFilters({ late: filters.late ? undefined : true })}
      >
        {t("filter.lateOnly")}
      </button>
      <button
        type="button"
        className="button"
        aria-pressed={filters.withSuspicious}
        title={t("filter.suspiciousHint")}
        onClick={() => setFilters({ withSuspicious: !filters.withSuspicious })}
      >
        {t("filter.suspicious")}
      </button>
      <button
        type="button"
        className="button"
        disabled={!touched}
        onClick={() => set({ filters: DEFAULT_VIEW.filters })}
      >
        {t("filter.clear")}
      </button>
    </fieldset>
  );
}

/** Title of a list of choices with how many are made. */
const counted = (title: string, count: number) => ({
  title: count ? `${title} (${count})` : title,
  active: count > 0,
});

const formatTouched = (filters: object): boolean =>
  Object.values(filters).some((value) => value !== undefined && value !== false);
