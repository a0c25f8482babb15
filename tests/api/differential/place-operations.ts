import { codePath, isInside } from "../../../data/model/codes.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { areaWithin, mayRead, mayReadIn, reachesCounty, type Viewer } from "../../../data/policy/viewer.ts";
import {
  askField,
  guardRefusal,
  insideAnswer,
  isRefused,
  type OperationMaker,
  refused,
  type World,
} from "./operation.ts";

const AREA = `{ code name staffLinks { post { id } staff { id workPhone } } onDuty responsible { areaCode organisation { dutyPhone } }
  incidentSummary { reported open overdueOpen late suspicious oldestOverdue { ref } }
  counts { owned expired unowned buildings households cameras camerasOnline staff { kind count } } }`;

interface AreaNode {
  readonly code: string;
  readonly name: string;
  readonly staffLinks: readonly { post: { id: string }; staff: { id: string; workPhone: string | null } }[] | null;
  readonly onDuty: number | null;
  readonly responsible: { areaCode: string; organisation: { dutyPhone: string | null } } | null;
  readonly incidentSummary: (Record<string, unknown> & { oldestOverdue: { ref: number } | null }) | null;
  readonly counts: Record<string, unknown> & { staff: { kind: string; count: number }[] | null };
}

const rowId = (globalId: string): string => globalId.split(":")[2] ?? "";

/** An area as it came, in the form that the oracle gives. */
function readArea(area: AreaNode) {
  const { oldestOverdue, ...summary } = area.incidentSummary ?? { oldestOverdue: null };
  return {
    code: area.code,
    name: area.name,
    staffLinks: area.staffLinks?.map(({ post }) => rowId(post.id)).toSorted() ?? null,
    phones: area.staffLinks?.filter(({ staff }) => staff.workPhone !== null).length ?? 0,
    onDuty: area.onDuty,
    responsible: area.responsible?.areaCode ?? null,
    dutyPhone: area.responsible?.organisation.dutyPhone ?? null,
    summary: area.incidentSummary && summary,
    oldestOverdue: oldestOverdue?.ref ?? null,
    counts: {
      ...area.counts,
      staff: area.counts.staff && Object.fromEntries(area.counts.staff.map(({ kind, count }) => [kind, count])),
    },
  };
}

function areaAnswer({ oracle, areas }: World, viewer: Viewer, code: string): ReturnType<typeof readArea> {
  const links = areas.staffLinks(viewer, code);
  const contract = mayReadIn(viewer, "duty", code) ? oracle.responsible(code) : undefined;
  const unit = oracle.data.organisations.find(({ id }) => id === contract?.organisationId);
  const overdue = mayReadIn(viewer, "incident", code)
    ? oracle.data.incidents
        .filter((one) => oracle.seesIncident(viewer, one) && oracle.isOverdue(one))
        .filter(({ scopeCode }) => code.length === 6 || isInside(scopeCode ?? "", code))
        // Longest overdue first; without a due time last.
        .toSorted((a, b) => ((a.dueAt ?? "9") < (b.dueAt ?? "9") ? -1 : 1))
    : [];
  const [oldest] = overdue;
  return {
    code,
    name: oracle.data.areas.find((area) => area.code === code)?.name ?? "",
    staffLinks: links,
    phones: mayRead(viewer, "staff_contact") ? (links?.length ?? 0) : 0,
    onDuty: areas.onDuty(viewer, code),
    responsible: areas.responsible(viewer, code),
    dutyPhone: mayRead(viewer, "unit_contact") ? (unit?.dutyPhone ?? null) : null,
    summary: areas.summary(viewer, code),
    oldestOverdue: oldest && oracle.seesPoint(viewer, oldest) ? oldest.ref : null,
    counts: areas.counts(viewer, code),
  };
}

const mapRefusal = (world: World, viewer: Viewer | null) => {
  const guard = guardRefusal(viewer, "map");
  return guard ?? (reachesCounty(viewer, world.oracle.county) ? undefined : refused("FORBIDDEN"));
};

const area: OperationMaker = (world, prng) => {
  const code = prng.pick(world.codes);
  const form = prng.int(0, 2);
  return {
    name: `area(${code})`,
    async run(api, viewer) {
      const found = await askField<AreaNode>(api, viewer, form, "area", `code: "${code}"`, AREA);
      return isRefused(found) ? found : readArea(found);
    },
    expected: (viewer) => mapRefusal(world, viewer) ?? (viewer && areaAnswer(world, viewer, code)),
  };
};

/** The same areas by a longer way: down from a parent, or up from below. */
const nested: OperationMaker = (world, prng) => {
  const down = prng.chance(0.5);
  const code = prng.pick(world.codes.filter((one) => !down || one.length < 15));
  const form = prng.int(0, 2);
  return {
    name: `area(${code}).${down ? "children" : "ancestors"}`,
    async run(api, viewer) {
      type Nested = { readonly children?: { nodes: AreaNode[] }; readonly ancestors?: AreaNode[] };
      const selection = down ? `{ children { nodes ${AREA} } }` : `{ ancestors ${AREA} }`;
      const found = await askField<Nested>(api, viewer, form, "area", `code: "${code}"`, selection);
      return isRefused(found) ? found : (found.children?.nodes ?? found.ancestors ?? []).map(readArea);
    },
    expected(viewer) {
      const refusal = mapRefusal(world, viewer);
      if (refusal || !viewer) return refusal;
      const level = code.length === 6 ? 9 : code.length === 9 ? 12 : 15;
      const codes = down
        ? world.codes.filter((one) => one.length === level && isInside(one, code)).toSorted()
        : codePath(code).slice(0, -1);
      return codes.map((one) => areaAnswer(world, viewer, one));
    },
  };
};

const counties: OperationMaker = (world, prng) => {
  const form = prng.int(0, 2);
  return {
    name: "counties",
    async run(api, viewer) {
      const found = await askField<{ code: string }[]>(api, viewer, form, "counties", "", "{ code }");
      return isRefused(found) ? found : found.map(({ code }) => code);
    },
    expected: (viewer) =>
      guardRefusal(viewer, "map") ?? (reachesCounty(viewer, world.oracle.county) ? [world.oracle.county] : []),
  };
};

const cameras: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const inside = prng.pick(world.codes);
  const network = prng.chance(0.4) ? prng.pick(["TIANWANG", "XUELIANG"]) : undefined;
  const args = `filter: { inside: "${inside}"${network ? `, networks: [${network}]` : ""} }, first: 1000`;
  const form = prng.int(0, 2);
  return {
    name: `cameras(${args})`,
    async run(api, viewer) {
      type Page = { totalCount: number; nodes: { id: string }[] };
      const selection = "{ totalCount nodes { id network status azimuthDeg filingNo owner { name } } }";
      const page = await askField<Page>(api, viewer, form, "cameras", args, selection);
      return isRefused(page)
        ? page
        : { total: page.totalCount, nodes: page.nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "camera", inside, (asker) => {
        const found = oracle.data.cameras
          .filter((one) => oracle.seesCamera(asker, one))
          .filter(({ scopeCode }) => inside.length === 6 || isInside(scopeCode ?? "", inside))
          .filter((one) => !network || one.network.toUpperCase() === network);
        const device = mayRead(asker, "camera_device");
        const nodes = found.map((one) => ({
          id: toGlobalId("Camera", oracle.county, one.id),
          network: one.network.toUpperCase(),
          status: device ? one.status.toUpperCase() : null,
          azimuthDeg: device ? one.azimuthDeg : null,
          filingNo: device ? one.filingNo : null,
          owner: device
            ? { name: oracle.data.organisations.find(({ id }) => id === one.ownerOrganisationId)?.name }
            : null,
        }));
        return { total: found.length, nodes: nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
      }),
  };
};

const camera: OperationMaker = (world, prng) => {
  const one = prng.pick(world.oracle.data.cameras);
  const id = toGlobalId("Camera", world.oracle.county, one.id);
  const form = prng.int(0, 2);
  return {
    name: `camera(${id})`,
    run: (api, viewer) => askField(api, viewer, form, "camera", `id: "${id}"`, "{ id status }"),
    expected(viewer) {
      const guard = guardRefusal(viewer, "camera");
      if (guard || !viewer) return guard;
      if (!world.oracle.seesCamera(viewer, one)) return refused("NOT_FOUND");
      return { id, status: mayRead(viewer, "camera_device") ? one.status.toUpperCase() : null };
    },
  };
};

const staff: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const inside = prng.pick(world.codes);
  const form = prng.int(0, 2);
  return {
    name: `staff(${inside})`,
    async run(api, viewer) {
      type Page = { totalCount: number; nodes: { id: string; workPhone: string | null }[] };
      const args = `inside: "${inside}", first: 1000`;
      const page = await askField<Page>(api, viewer, form, "staff", args, "{ totalCount nodes { id workPhone } }");
      if (isRefused(page)) return page;
      return { total: page.totalCount, nodes: page.nodes.map((one) => [rowId(one.id), one.workPhone]).toSorted() };
    },
    expected: (viewer) =>
      insideAnswer(world, viewer, "duty", inside, (asker) => {
        const found = oracle.data.staff.filter(({ id }) => {
          const post = oracle.postOf(id);
          return oracle.seesPost(asker, post) && oracle.servedBy(post).some((code) => isInside(code, inside));
        });
        const phone = mayRead(asker, "staff_contact");
        const nodes = found.map(({ id, workPhone }) => [id, phone ? workPhone : null]);
        return { total: found.length, nodes: nodes.toSorted() };
      }),
  };
};

/** Units, and by the way back the areas that they answer for. */
const organisations: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const form = prng.int(0, 2);
  return {
    name: "organisations.responsibleFor",
    async run(api, viewer) {
      type Page = { nodes: { name: string; responsibleFor: { nodes: { code: string }[] } | null }[] };
      const args = `county: "${oracle.county}", first: 1000`;
      const selection = "{ nodes { name responsibleFor { nodes { code } } } }";
      const page = await askField<Page>(api, viewer, form, "organisations", args, selection);
      if (isRefused(page)) return page;
      return page.nodes.map(({ name, responsibleFor }) => [
        name,
        responsibleFor?.nodes.map(({ code }) => code) ?? null,
      ]);
    },
    expected(viewer) {
      const refusal = mapRefusal(world, viewer);
      if (refusal || !viewer) return refusal;
      return oracle.data.organisations.map(({ id, name }) => {
        if (!mayRead(viewer, "duty") || areaWithin(viewer, oracle.county) === undefined) return [name, null];
        const codes = oracle.data.organisationRoles
          .filter((one) => one.organisationId === id && (one.to === null || Date.parse(one.to) > oracle.nowMs))
          .map(({ areaId }) => oracle.codeOf(areaId))
          .filter((code) => oracle.seesDutyOf(viewer, code));
        return [name, codes.toSorted()];
      });
    },
  };
};

export const PLACE_OPERATIONS: readonly OperationMaker[] = [
  area,
  area,
  nested,
  counties,
  cameras,
  camera,
  staff,
  organisations,
];
