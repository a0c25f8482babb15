import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { Database } from "../../db/driver.ts";
import type { HotCounties } from "../hot/hot-counties.ts";
import { hotMetrics } from "../hot/hot-metrics.ts";

/** `/metrics` in Prometheus' text format: requests by route, SQL statements by scope, the process itself; no personal data, for this machine only. */
export function metricsRoutes(
  app: FastifyInstance,
  database: Database,
  hot?: HotCounties,
  more?: (registry: Registry) => void,
): void {
  const registry = new Registry();
  more?.(registry);
  if (hot) hotMetrics(registry, hot);
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "jingwei_http_request_duration_seconds",
    help: "Duration of HTTP requests by method, route and status.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const statements = new Counter({
    name: "jingwei_sql_statements_total",
    help: "SQL statements sent, by the kind of their scope.",
    labelNames: ["scope"],
    registers: [registry],
  });
  const seconds = new Counter({
    name: "jingwei_sql_seconds_total",
    help: "Time spent waiting for SQL statements, by the kind of their scope.",
    labelNames: ["scope"],
    registers: [registry],
  });
  // Whoever listened before (a test that captures SQL) goes on listening.
  const previous = database.onStatement;
  const count: typeof previous = (event) => {
    statements.inc({ scope: event.scope.kind });
    seconds.inc({ scope: event.scope.kind }, event.ms / 1000);
    previous?.(event);
  };
  database.onStatement = count;
  app.addHook("onClose", async () => {
    if (database.onStatement === count) database.onStatement = previous;
    registry.clear();
  });
  app.addHook("onResponse", async (request, reply) => {
    // The route's pattern, never the address: addresses are without number.
    const route = request.routeOptions.url ?? "unmatched";
    requests.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  app.get("/metrics", { config: { channel: "metrics" } }, async (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .type(registry.contentType)
      .send(await registry.metrics()),
  );
}
