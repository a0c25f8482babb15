import { isInside } from "../../../data/model/codes.ts";
import { mayAct, mayRead, mayReadIn, reachesCounty, type Viewer } from "../../../data/policy/viewer.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { guardRefusal, type OperationMaker, refused, type World } from "./operation.ts";

/** Kinds with the resource that they are, and the ids that a viewer gets of an area. */
export const KINDS = {
  areas: {
    resource: "map",
    rows: ({ oracle }: World, _viewer: Viewer, area: string): string[] =>
      oracle.data.areas.filter(({ code }) => isInside(code, area)).map(({ code }) => code),
  },
  incidents: {
    resource: "incident",
    rows: ({ oracle }: World, viewer: Viewer, area: string): string[] =>
      oracle
        .incidents(viewer, { inside: area })
        .map(
          (one) =>
            `${one.id} ${oracle.shownAt(one).join(" ")} ${mayReadIn(viewer, "incident_text", one.scopeCode ?? oracle.county) ? one.title : "untold"}`,
        ),
  },
  cameras: {
    resource: "camera",
    rows: ({ oracle }: World, viewer: Viewer, area: string): string[] =>
      oracle.data.cameras
        .filter((one) => oracle.seesCamera(viewer, one))
        .filter(({ scopeCode }) => area.length === 6 || isInside(scopeCode ?? "", area))
        .map((one) => `${one.id} ${mayRead(viewer, "camera_device") ? one.status : "untold"}`),
  },
  buildings: {
    resource: "household",
    rows: ({ oracle }: World, viewer: Viewer, area: string): string[] =>
      oracle.data.buildings
        .filter(({ scopeCode }) => mayReadIn(viewer, "household", scopeCode) && isInside(scopeCode, area))
        .map(({ id, households }) => {
          const told = households !== 1 || viewer.role === "planner" || viewer.role === "admin";
          return `${id} ${told ? households : null}`;
        }),
  },
} as const;
export type CheckedKind = keyof typeof KINDS;

interface Collection {
  readonly features: readonly {
    readonly id: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly geometry: { readonly coordinates: unknown };
  }[];
}

/** Features as they came, in the form that `KINDS` expects. */
export function readRows(kind: CheckedKind, text: string): string[] {
  const told = (value: unknown): string => (value === undefined ? "untold" : String(value));
  return (JSON.parse(text) as Collection).features
    .map(({ id, properties, geometry }) => {
      if (kind === "areas") return String(properties["code"]);
      if (kind === "incidents")
        return `${id} ${(geometry.coordinates as number[]).join(" ")} ${told(properties["title"])}`;
      if (kind === "buildings") return `${id} ${told(properties["households"])}`;
      return kind === "cameras" ? `${id} ${told(properties["status"])}` : id;
    })
    .toSorted();
}

/** A file of a kind and an area: for who may export there, cut as everything else is. */
const exportFile: OperationMaker = (world, prng) => {
  const { county } = world.oracle;
  const kind = prng.pick(Object.keys(KINDS) as CheckedKind[]);
  const area = prng.pick(world.codes);
  const url = `/export/${kind}?county=${county}&area=${area}&format=geojson`;
  return {
    name: url,
    async run(api, viewer: Viewer | null) {
      const answer = await api.app.inject({ url, headers: viewerHeaders(viewer) });
      return answer.statusCode === 200 ? readRows(kind, answer.body) : refused(answer.json<{ code: string }>().code);
    },
    expected(viewer: Viewer | null) {
      const { resource, rows } = KINDS[kind];
      const guard = guardRefusal(viewer, resource);
      if (guard || !viewer) return guard;
      const allowed =
        reachesCounty(viewer, county) && mayAct(viewer, "export", area) && mayReadIn(viewer, resource, area);
      return allowed ? rows(world, viewer, area).toSorted() : refused("FORBIDDEN");
    },
  };
};

export const EXPORT_OPERATIONS: readonly OperationMaker[] = [exportFile];
