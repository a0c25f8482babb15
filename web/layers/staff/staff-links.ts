import type { LonLat } from "../../../data/model/geometry.ts";
import type { StaffLinksWallQuery } from "../../gql/generated.ts";

type WallArea = NonNullable<StaffLinksWallQuery["area"]>;
type WallLink = NonNullable<WallArea["staffLinks"]>[number];

export type StaffLinkKind = WallLink["post"]["kind"];

/** Somebody (or nobody) at a post that answers for the grid. */
export interface StaffLink {
  readonly postId: string;
  readonly kind: StaffLinkKind;
  /** Name of the post's fixed address. */
  readonly place: string;
  readonly point: LonLat;
  /** Null when nobody stands for the post now. */
  readonly name: string | null;
  readonly onDuty: boolean;
  readonly lead: boolean;
  /** Work contact; only ever asked for by the desk. */
  readonly phone: string | undefined;
  /** Unit of the post is the grid's responsible unit. */
  readonly ofResponsible: boolean;
}

/** Links of one area, who answers now first. */
export interface StaffLinks {
  readonly code: string;
  readonly name: string;
  /** Where the lines start: the area's label point, or the incident's. */
  readonly from: LonLat;
  readonly responsible: { readonly id: string; readonly name: string; readonly expired: boolean } | undefined;
  readonly links: readonly StaffLink[];
}

/** All links that end at one address: one line with a count. */
export interface StaffEnd {
  readonly point: LonLat;
  readonly place: string;
  /** Who answers now first. */
  readonly links: readonly StaffLink[];
  /** True when the one who answers now stands here. */
  readonly answersNow: boolean;
  readonly onDuty: boolean;
}

/** The shape that both operations answer with; the desk's carries phones besides. */
export type StaffArea = Omit<WallArea, "staffLinks"> & {
  /** Null where the viewer may not know. */
  readonly staffLinks:
    | readonly (WallLink & {
        readonly staff?: (NonNullable<WallLink["staff"]> & { readonly workPhone?: string | null }) | null;
      })[]
    | null;
};

/** Reads an answer of the server; lon, lat of the points are checked to be pairs. */
export function toStaffLinks(area: StaffArea, from?: LonLat): StaffLinks {
  const responsible = area.responsible ?? undefined;
  return {
    code: area.code,
    name: area.name,
    from: from ?? pair(area.label),
    responsible: responsible && {
      id: responsible.organisation.id,
      name: responsible.organisation.name,
      expired: responsible.expired,
    },
    links: (area.staffLinks ?? []).map(({ post, staff, onDuty, lead }) => ({
      postId: post.id,
      kind: post.kind,
      place: post.place,
      point: pair(post.point),
      name: staff?.name ?? null,
      onDuty,
      lead,
      phone: staff?.workPhone ?? undefined,
      ofResponsible: !!responsible && post.organisation?.id === responsible.organisation.id,
    })),
  };
}

const pair = (values: readonly number[]): LonLat => [values[0] ?? 0, values[1] ?? 0];

/** Lower is nearer the top: who is on duty before who is not, who leads before who helps. */
const order = (link: StaffLink): number => (link.name && link.onDuty ? 0 : link.name ? 2 : 4) + (link.lead ? 0 : 1);

/** Merges links with a common end; the end of the one who answers now comes first. */
export function mergeEnds(links: readonly StaffLink[]): StaffEnd[] {
  const ends = new Map<string, StaffLink[]>();
  for (const link of links) {
    const key = link.point.map((degrees) => degrees.toFixed(6)).join(",");
    const there = ends.get(key);
    if (there) there.push(link);
    else ends.set(key, [link]);
  }
  const best = Math.min(...links.map(order));
  return [...ends.values()]
    .map((there): StaffEnd => {
      const sorted = there
        .map((link, i) => ({ link, i }))
        .sort((a, b) => order(a.link) - order(b.link) || a.i - b.i)
        .map(({ link }) => link);
      const first = sorted[0] as StaffLink;
      return {
        point: first.point,
        place: first.place,
        links: sorted,
        answersNow: order(first) === best && first.onDuty,
        onDuty: sorted.some((link) => link.onDuty),
      };
    })
    .sort((a, b) => order(a.links[0] as StaffLink) - order(b.links[0] as StaffLink));
}
