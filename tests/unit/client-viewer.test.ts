import { afterEach, describe, expect, it } from "vitest";
import { READ, RESOURCES, VISITOR_RESOURCES } from "../../data/policy/policy.ts";
import { ROLES } from "../../data/policy/roles.ts";
import { mayRead, mayReadIn } from "../../data/policy/viewer.ts";
import { onViewerChange, useSession, viewerKey } from "../../web/app/session.ts";
import { type ClientViewer, sessionAnswer } from "../../web/app/session-answer.ts";
import { may, mayIn, ownArea, ownCounty } from "../../web/app/viewer.ts";
import { permitted } from "../../web/layers/registry.ts";
import { clientViewer } from "../helpers/client-viewer.ts";
import { viewerAs } from "../helpers/viewers.ts";

const sit = (viewer: ClientViewer | null) => useSession.setState({ state: "ready", viewer });
afterEach(() => sit(null));

describe("what the client offers", () => {
  it("is what the policy lets each role read, in each place, as itself and as a visitor", () => {
    const places = ["140226", "140226100", "140226100001", "140226101", "140226101002001", "140200"];
    let yes = 0;
    for (const role of ROLES)
      for (const visitor of [false, true]) {
        const viewer = viewerAs(role, "140226100", { visitor });
        sit(clientViewer(role, "140226100", visitor));
        for (const resource of RESOURCES) {
          expect(may(resource), `${role} ${resource}`).toBe(mayRead(viewer, resource));
          for (const place of places) {
            const allowed = mayReadIn(viewer, resource, place);
            expect(mayIn(resource, place), `${role} ${resource} ${place}`).toBe(allowed);
            if (allowed) yes++;
          }
        }
      }
    expect(yes).toBeGreaterThan(100);
  });

  it("nobody, and somebody without a grant, is offered nothing", () => {
    for (const viewer of [null, { ...clientViewer("leader", "140226100"), role: null, resources: [] }]) {
      sit(viewer);
      expect(RESOURCES.filter((resource) => may(resource) || mayIn(resource, "140226100"))).toEqual([]);
      expect(ownArea("140226")).toBeUndefined();
    }
  });

  it("opens on the viewer's own area; a grant on every county opens whole counties", () => {
    sit(clientViewer("leader", "140226100"));
    expect([ownCounty(), ownArea("140226"), ownArea("370883")]).toEqual(["140226", "140226100", undefined]);
    sit(clientViewer("admin", "000000"));
    expect([ownCounty(), ownArea("140226"), ownArea("370883")]).toEqual([undefined, "140226", "370883"]);
  });

  it("draws no layer that the viewer may not see there, whatever the address asks for", () => {
    const all = ["context", "heat", "ownership", "outlines", "cameras", "incidents", "staff", "labels"] as const;
    const map = ["context", "ownership", "outlines", "labels"];
    sit(clientViewer("leader", "140226100"));
    expect(permitted(all, "140226100001")).toEqual(all);
    expect(permitted(all, "140226")).toEqual(map);
    expect(permitted(all, "140226101")).toEqual(map);
    sit(clientViewer("auditor", "140226"));
    expect(permitted(all, "140226")).toEqual(map);
    sit(clientViewer("dispatcher", "140226", true));
    expect(permitted(all, "140226")).toEqual(map);
    expect(VISITOR_RESOURCES).toEqual(["map", "statistic"]);
    expect(READ.incident.auditor).toBeUndefined();
  });
});

describe("the session's answer", () => {
  it("reads roles in the words of the SDL and of the policy, and leaves out what it does not know", () => {
    const answer = sessionAnswer({
      viewer: {
        ...clientViewer("grid_worker", "140226100001001"),
        role: "GRID_WORKER",
        grants: [
          { id: "Grant:1", role: "LEADER", county: "140226", areaCode: "140226100", areaName: "" },
          { id: "Grant:2", role: "mayor", county: "140226", areaCode: "140226", areaName: "" },
        ],
      },
      csrf: "token",
      methods: {
        password: true,
        oidc: null,
        demo: [{ login: "a", role: "WALL", seat: "wall", name: "", areaName: "" }],
      },
      secure: true,
      refusal: null,
    });
    expect(answer.viewer?.role).toBe("grid_worker");
    expect(answer.viewer?.grants.map(({ role }) => role)).toEqual(["leader"]);
    expect(answer.methods.demo.map(({ role }) => role)).toEqual(["wall"]);
    expect(sessionAnswer({ viewer: null }).viewer).toBeNull();
  });

  it("another grant, area or mode is another viewer; the same one is not", () => {
    const leader = clientViewer("leader", "140226100");
    const keys = [
      null,
      leader,
      clientViewer("leader", "140226101"),
      clientViewer("dispatcher", "140226100"),
      clientViewer("leader", "140226100", true),
    ].map(viewerKey);
    expect(new Set(keys).size).toBe(5);
    expect(viewerKey({ ...leader, name: "renamed" })).toBe(viewerKey(leader));
    expect(onViewerChange).toBeTypeOf("function");
  });
});
