import type { AreaRecord } from "../../model/area.ts";
import { bugError } from "../../model/errors.ts";
import type { Uuid } from "../../model/ids.ts";
import type { DemoProfile } from "../profile.ts";
import type { AreaNode } from "./area-tree.ts";
import type { Metres } from "./local-plane.ts";
import type { Mesh } from "./mesh.ts";
import { labelPoint, outlineOf, toPolygon } from "./outlines.ts";

const DIGITS = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** 1 … 99 in Chinese, as grids are named. */
export function chineseNumber(value: number): string {
  if (value >= 100) return String(value);
  const [tens, ones] = [Math.floor(value / 10), value % 10];
  return `${tens > 1 ? DIGITS[tens] : ""}${tens > 0 ? "十" : ""}${DIGITS[ones]}`;
}

const DEDICATED = ["公园", "学校", "商场"];
const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** Geometry of the areas, made once each. */
export interface Outline {
  readonly geometry: AreaRecord["geometry"];
  readonly label: Metres;
}

export function outlines(mesh: Mesh): (node: AreaNode) => Outline {
  const made = new Map<AreaNode, Outline>();
  return (node) => {
    const known = made.get(node);
    if (known) return known;
    const rings = outlineOf(mesh, node.faces);
    const outline = {
      geometry: [toPolygon(mesh, rings)],
      label: labelPoint(rings.map((ring) => ring.map((v) => mesh.at(v)))),
    };
    made.set(node, outline);
    return outline;
  };
}

/**
 * Numbers grids within their community and micro-grids within their grid: from west to east, then from north to south,
 * by their label points (DB11/T 690 counts unit grids in this order; the importer does the same).
 */
export function numberGrids(communities: readonly AreaNode[], outline: (node: AreaNode) => Outline): void {
  const inOrder = (nodes: AreaNode[]): AreaNode[] =>
    nodes.sort((a, b) => {
      const [p, q] = [outline(a).label, outline(b).label];
      return p[0] - q[0] || q[1] - p[1];
    });
  for (const community of communities) {
    let dedicated = 0;
    let basic = 0;
    inOrder(community.children).forEach((grid, i) => {
      if (i >= 999) throw bugError("A community has more than 999 grids", { at: community.code });
      grid.code = `${community.code}${pad(i + 1, 3)}`;
      grid.nameSort = `${community.nameSort}${pad(i + 1, 6)}`;
      grid.name =
        grid.kind === "dedicated"
          ? `${community.name}${DEDICATED[dedicated++ % DEDICATED.length]}专属网格`
          : `${community.name}第${chineseNumber(++basic)}网格`;
      inOrder(grid.children).forEach((micro, k) => {
        micro.code = `${grid.code}-${pad(k + 1, 2)}`;
        micro.nameSort = `${grid.nameSort}${pad(k + 1, 6)}`;
        micro.name = `${grid.name}${pad(k + 1, 2)}号微网格`;
      });
    });
  }
}

/** Area records from the county down, parents before children. */
export function areaRecords(
  profile: DemoProfile,
  towns: readonly AreaNode[],
  outline: (node: AreaNode) => Outline,
  toLonLat: (point: Metres) => AreaRecord["label"],
  newId: () => Uuid,
): { readonly records: AreaRecord[]; readonly idOf: ReadonlyMap<AreaNode, Uuid> } {
  const county: AreaNode = {
    level: "county",
    kind: "county",
    urban: false,
    code: profile.profile.county,
    name: profile.profile.name,
    nameSort: profile.profile.nameSort,
    households: towns.reduce((sum, town) => sum + town.households, 0),
    faces: towns.flatMap((town) => town.faces),
    children: [...towns],
  };
  const records: AreaRecord[] = [];
  const idOf = new Map<AreaNode, Uuid>();
  const visit = (nodes: readonly AreaNode[]): void => {
    for (const node of nodes) {
      const id = newId();
      idOf.set(node, id);
      const { geometry, label } = outline(node);
      const { code, level, kind, name, nameSort, urban, households } = node;
      records.push({ id, code, level, kind, name, nameSort, urban, households, geometry, label: toLonLat(label) });
    }
    const below = nodes.flatMap((node) => node.children);
    if (below.length > 0) visit(below);
  };
  visit([county]);
  return { records, idOf };
}
