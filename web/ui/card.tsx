import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../app/county-info.ts";
import { useFormat } from "./format.ts";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  /** What the figures are a count of. */
  readonly basis?: string;
  /** Until when they count, in words; the county's as-of instant when absent. */
  readonly asOf?: string | undefined;
  readonly className?: string;
  readonly id?: string;
}

/** A card: title, content, and always where its figures come from and as of when. */
export function Card({ title, children, aside, basis, asOf, className = "", id }: Props) {
  const { t } = useTranslation();
  const county = useCurrentCounty();
  const format = useFormat();
  return (
    <section className={`card ${className}`} aria-label={title} data-card={id}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      <div className="body">{children}</div>
      <footer>
        {county && (
          <>
            {basis && <span title={basis}>{basis} ·</span>}
            <span>
              {t("card.source", { source: county.demo ? t("demo.mark") : county.source || t("card.imported") })} ·
            </span>
            <span className="as-of">
              {t("card.asOf", { time: asOf ?? format.instant(Date.parse(county.asOf) / 1000) })}
            </span>
          </>
        )}
      </footer>
    </section>
  );
}
