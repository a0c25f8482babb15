import { makeExecutableSchema } from "@graphql-tools/schema";
import { graphql, isObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import type { RequestContext } from "../../api/context.ts";
import { guardSchema } from "../../api/guards.ts";
import { readTypeDefs } from "../../api/schema/index.ts";
import { type ASKERS, FIELD_RULE, FIELD_RULES, ruleAllows } from "../../data/policy/fields.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { viewerAs } from "../helpers/viewers.ts";

const schema = makeExecutableSchema({ typeDefs: readTypeDefs() });
const fields = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.name.startsWith("__"))
  .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : []));

/** A tiny schema that uses rules of the true table. */
const small = (typeDefs: string) => guardSchema(makeExecutableSchema({ typeDefs }));
const SMALL = `type Query { camera: Camera cameras: CameraConnection! } type CameraConnection { totalCount: Int! }
  type Camera { id: ID! status: String }`;
const ROOT = { camera: { id: "1", status: "ONLINE" }, cameras: { totalCount: 1 } };
const ask = (source: string, viewer: Viewer | null) =>
  graphql({ schema: small(SMALL), source, rootValue: ROOT, contextValue: { viewer } as RequestContext });

describe("rules of fields", () => {
  it("are there for every field of the SDL, and for none that is gone", () => {
    expect(fields.length).toBeGreaterThan(390);
    expect([...FIELD_RULE.keys()].sort()).toEqual(fields.toSorted());
  });

  it("name each field once", () => {
    const named = Object.entries(FIELD_RULES).flatMap(([type, rules]) =>
      Object.values(rules).flatMap((names) => names.split(" ").map((name) => `${type}.${name}`)),
    );
    expect(named.length).toBe(new Set(named).size);
  });

  it("leave nothing but one's own report, the server and who one is to nobody", () => {
    const open = [...FIELD_RULE].filter(([, rule]) => ruleAllows(rule, "nobody")).map(([name]) => name);
    expect(new Set(open.map((name) => name.split(".")[0]))).toEqual(
      new Set(["Query", "Mutation", "PageInfo", "Server", "MyReport", "Me"]),
    );
    expect(open.filter((name) => /^(Query|Mutation)\./.test(name)).sort()).toEqual([
      "Mutation.correctMyReport",
      "Mutation.rateOrder",
      "Mutation.withdrawMyReport",
      "Query.me",
      "Query.myReport",
      "Query.server",
    ]);
  });

  it("leave visitors the map and what is published, whatever their role", () => {
    for (const [name, rule] of FIELD_RULE)
      expect(ruleAllows(rule, "visitor"), name).toBe(["open", "any", "session", "map", "statistic"].includes(rule));
  });

  it("tell all askers apart", () => {
    const seen = (asker: (typeof ASKERS)[number]) =>
      [...FIELD_RULE].filter(([, rule]) => ruleAllows(rule, asker)).map(([name]) => name);
    expect(seen("wall")).not.toContain("Incident.title");
    expect(seen("wall")).not.toContain("Staff.workPhone");
    expect(seen("leader")).not.toContain("Camera.azimuthDeg");
    expect(seen("planner")).not.toContain("IncidentEvent.note");
    expect(seen("auditor")).not.toContain("Query.incidents");
    expect(seen("auditor")).toContain("Query.auditLog");
    expect(seen("admin")).not.toContain("Query.auditLog");
    expect(seen("dispatcher")).toContain("Camera.azimuthDeg");
  });
});

describe("the guard", () => {
  it("refuses to start on a field without a rule", () => {
    expect(() => small("type Query { camera: Camera } type Camera { faces: Int }")).toThrow(
      /Camera\.faces has no rule/,
    );
  });

  it("answers null where a field may be null, also under another name and in a fragment", async () => {
    const source = "{ camera { id a: status ...f } } fragment f on Camera { status }";
    expect(await ask(source, viewerAs("leader", "990100"))).toEqual({
      data: { camera: { id: "1", a: null, status: null } },
    });
    expect(await ask(source, viewerAs("dispatcher", "990100"))).toEqual({
      data: { camera: { id: "1", a: "ONLINE", status: "ONLINE" } },
    });
  });

  it("refuses what was asked for at the root, in words", async () => {
    const { data, errors } = await ask("{ camera { id } }", viewerAs("auditor", "990100"));
    expect(data).toEqual({ camera: null });
    expect(errors?.[0]?.originalError).toMatchObject({ code: "FORBIDDEN", at: "Query.camera" });
    const other = await ask("{ cameras { totalCount } }", viewerAs("admin", "990100", { visitor: true }));
    expect(other.errors?.[0]?.originalError).toMatchObject({ code: "FORBIDDEN", at: "Query.cameras" });
  });

  it("sends nobody to sign in", async () => {
    const { errors } = await ask("{ camera { status } }", null);
    expect(errors?.[0]?.originalError).toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("costs nothing where all who get to a type may ask for the field", () => {
    const camera = small(SMALL).getType("Camera");
    if (!isObjectType(camera)) throw new Error("no type");
    expect(camera.getFields()["id"]?.resolve).toBeUndefined();
    expect(camera.getFields()["status"]?.resolve).toBeTypeOf("function");
  });
});
