import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { CHANNELS, type ChannelName, watchChannels } from "../../api/channels.ts";
import { problemHandler } from "../../api/routes/problem.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { viewerAs } from "../helpers/viewers.ts";

/** A server with one route of each channel, for a viewer. */
async function serverFor(viewer: Viewer | null) {
  const app = fastify();
  app.setErrorHandler(problemHandler(() => undefined));
  const done = watchChannels(app, async () => viewer);
  for (const channel of Object.keys(CHANNELS) as ChannelName[])
    app.get(`/${channel}`, { config: { channel } }, async () => "answer");
  return { app, routes: done() };
}

describe("channels", () => {
  it("refuse to start with a route that names none", async () => {
    const app = fastify();
    const done = watchChannels(app, async () => null);
    app.get("/known", { config: { channel: "health" } }, async () => "");
    app.get("/secret", async () => "");
    await app.register(async (scope) => {
      scope.post("/nested", { config: { channel: "nothing" as ChannelName } }, async () => "");
    });
    expect(done).toThrow(/without a channel: GET \/secret, HEAD \/secret, POST \/nested$/);
  });

  it("know the routes of each", async () => {
    const { routes } = await serverFor(null);
    expect([...routes.keys()].sort()).toEqual(Object.keys(CHANNELS).sort());
    expect(routes.get("columns")).toEqual(["GET /columns", "HEAD /columns"]);
  });

  it("answer 401 where a viewer is needed and nobody signed in", async () => {
    const nobody = await serverFor(null);
    const leader = await serverFor(viewerAs("leader", "990100001"));
    for (const [name, { access }] of Object.entries(CHANNELS)) {
      const refused = await nobody.app.inject(`/${name}`);
      expect(refused.statusCode, name).toBe(access === "viewer" ? 401 : 200);
      if (access === "viewer") expect(refused.json()).toMatchObject({ code: "UNAUTHENTICATED", path: `/${name}` });
      expect((await leader.app.inject(`/${name}`)).statusCode, name).toBe(200);
    }
  });

  it("answer metrics to this machine only, and not through a proxy", async () => {
    const { app } = await serverFor(null);
    const status = async (remoteAddress: string, headers = {}) =>
      (await app.inject({ url: "/metrics", remoteAddress, headers })).statusCode;
    expect(await status("127.0.0.1")).toBe(200);
    expect(await status("::1")).toBe(200);
    expect(await status("192.168.1.20")).toBe(403);
    expect(await status("127.0.0.1", { "x-forwarded-for": "192.168.1.20" })).toBe(403);
  });

  it("leave an address that nothing is registered at to the answer for that", async () => {
    const { app } = await serverFor(null);
    expect((await app.inject("/nowhere")).statusCode).toBe(404);
  });
});
