import { RESOURCES } from "../../data/policy/policy.ts";
import type { Role } from "../../data/policy/roles.ts";
import { mayRead } from "../../data/policy/viewer.ts";
import type { ClientViewer } from "../../web/app/session-answer.ts";
import { viewerAs } from "./viewers.ts";

/** What the server says of a viewer to the client. */
export function clientViewer(role: Role, area: string, visitor = false): ClientViewer {
  const viewer = viewerAs(role, area, { visitor });
  return {
    kind: viewer.kind,
    id: viewer.actor,
    name: viewer.name,
    login: "somebody",
    role,
    county: viewer.county,
    areaCode: viewer.area,
    areaName: "",
    visitor,
    pointDays: null,
    mustChangePassword: false,
    demo: false,
    grants: [],
    resources: RESOURCES.filter((resource) => mayRead(viewer, resource)),
    actions: [],
  };
}
