import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isRole } from "../../../data/policy/roles.ts";
import { useView } from "../../app/view-state.ts";
import { useCountyData } from "../../data/county-store.ts";
import type { CaseRowFragment } from "../../gql/generated.ts";
import { shortPath } from "../short-path.ts";

/** Something that the county names in both languages. */
export interface Named {
  readonly name: string;
  readonly nameEn: string;
}

/** Words of a case in the language of the screen. */
export interface CaseWords {
  readonly named: (thing: Named) => string;
  /** Community and grid that the case lies in. */
  readonly place: (row: { readonly area: { readonly code: string; readonly name: string } | null }) => string;
  /** Who has it: the unit, the post, or the inbox that it waits in. */
  readonly owner: (row: CaseRowFragment) => string;
  /** Who did something: a role in words, a unit as it is called. */
  readonly actor: (actor: string | null | undefined) => string | undefined;
}

/** Names of community and grid are joined; of what lies above, the screen's path says enough. */
const COMMUNITY_DIGITS = 12;

export function useCaseWords(): CaseWords {
  const { t } = useTranslation();
  const english = useView((view) => view.language) === "en";
  const areas = useCountyData((data) => data.areas);
  return useMemo(() => {
    const names = new Map(areas.map(({ code, name }) => [code, name]));
    const areaName = (code: string): string => names.get(code) ?? code;
    const role = (word: string): string => (isRole(word.toLowerCase()) ? t(`role.${word.toLowerCase()}`) : word);
    return {
      named: ({ name, nameEn }) => (english ? nameEn : name),
      place: ({ area }) => {
        if (!area) return t("story.noPlace");
        const above = names.get(area.code.slice(0, COMMUNITY_DIGITS));
        return shortPath(above && above !== area.name ? [above, area.name] : [area.name]).join(" ");
      },
      owner: ({ inbox, organisation, post, handledByMe }) => {
        const who = post?.place ?? organisation?.name;
        if (handledByMe) return who ? t("queue.mineAt", { who }) : t("queue.mineRow");
        if (who) return who;
        return inbox ? t("queue.inbox", { role: role(inbox.role), area: areaName(inbox.areaCode) }) : "–";
      },
      actor: (actor) => (actor ? role(actor) : undefined),
    };
  }, [t, english, areas]);
}
