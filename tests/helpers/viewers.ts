import type { FastifyRequest } from "fastify";
import { ROOT_COUNTY, type Role } from "../../data/policy/roles.ts";
import type { Viewer } from "../../data/policy/viewer.ts";

/** Header that test servers take the viewer from: tests of everything but sign-in say who asks. */
export const VIEWER_HEADER = "x-test-viewer";

/** A viewer with one grant. @param area code of the granted area, `000000` for every county */
export const viewerAs = (role: Role, area: string, more: Partial<Viewer> = {}): Viewer => ({
  kind: "account",
  actor: `Account:${area.slice(0, 6)}:00000000-0000-7000-8000-000000000001`,
  accountId: "00000000-0000-7000-8000-000000000001",
  name: `${role} of ${area}`,
  role,
  county: area.slice(0, 6),
  area,
  visitor: false,
  pointDays: null,
  ...more,
});

/** Sees all that one role can: everything but sealed fields and the audit log. */
export const ROOT_ADMIN: Viewer = viewerAs("admin", ROOT_COUNTY);

export const viewerHeaders = (viewer: Viewer | null): Record<string, string> => ({
  [VIEWER_HEADER]: encodeURIComponent(JSON.stringify(viewer)),
});

/** Authentication of test servers: the viewer of the header; the root administrator without one. */
export const authenticateByHeader = async (request: FastifyRequest): Promise<Viewer | null> => {
  const header = request.headers[VIEWER_HEADER];
  return typeof header === "string" ? (JSON.parse(decodeURIComponent(header)) as Viewer | null) : ROOT_ADMIN;
};
