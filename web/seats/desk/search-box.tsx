import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import { SearchDocument, type SearchQuery } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";

type Hit = SearchQuery["search"][number];

const PAUSE_MS = 200;

/** Places, units and staff by code, name or pinyin; arrows and Enter choose, Escape closes. */
export function SearchBox() {
  const { t } = useTranslation();
  const id = useId();
  const county = useView((view) => view.county);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error, loading } = useQuery(SearchDocument, asked && county ? { county, text: asked } : undefined);
  const hits = data?.search ?? [];
  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    const { drillTo, set } = useView.getState();
    if (hit.code) drillTo(hit.code);
    if (hit.kind === "ORGANISATION") set({ organisationId: hit.id });
    setText("");
    setOpen(false);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") setOpen(false);
    else if (event.key === "Enter") choose(hits[active]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (hits.length ? (now + step + hits.length) % hits.length : 0));
    }
  };
  const shown = open && asked !== "";
  return (
    <search className="search">
      <input
        type="search"
        role="combobox"
        aria-label={t("search.label")}
        aria-expanded={shown}
        aria-controls={id}
        aria-activedescendant={shown && hits[active] ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={t("search.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      <div id={id} role="listbox" aria-label={t("search.results")} className="search-hits" hidden={!shown}>
        {hits.map((hit, index) => (
          // Focus stays in the box; the list is driven from there (ARIA combobox pattern).
          <div
            key={hit.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(hit);
            }}
          >
            <span className="tone-muted">{t(`search.kind.${hit.kind.toLowerCase()}`)}</span> <strong>{hit.name}</strong>{" "}
            <span className="tone-muted">{hit.detail}</span>
          </div>
        ))}
        {hits.length === 0 && (
          <p className="note">{error ? error.message : loading ? t("state.loading") : t("search.nothing")}</p>
        )}
      </div>
    </search>
  );
}
