import type { Figure } from "./figure.ts";

/** A benchmark: what it measures is stale once one of the paths has a newer commit than its stored result. */
export interface Bench {
  readonly paths: readonly string[];
  /** Loaded when it is run: some bring half of Vite with them. */
  readonly load: () => Promise<() => AsyncIterable<Figure>>;
}

export const BENCHES: Readonly<Record<string, Bench>> = {
  archive: {
    paths: ["api/pack", "bin", "package-lock.json"],
    load: async () => (await import("./archive.bench.ts")).archive,
  },
  backup: {
    paths: ["db/backup", "db/embedded/swap.ts", "db/driver-embedded.ts", "db/driver-native.ts"],
    load: async () => (await import("./backup.bench.ts")).backup,
  },
  bbox: {
    paths: [
      "api/hot",
      "api/routes",
      "api/services/case-columns.ts",
      "api/services/incident-columns.ts",
      "data/columns",
    ],
    load: async () => (await import("./bbox.bench.ts")).bbox,
  },
  blocks: {
    paths: ["data/blocks", "api/services/planning", "data/importers/formats/geojson.ts"],
    load: async () => (await import("./blocks.bench.ts")).blocks,
  },
  bundle: { paths: ["web", "vite.config.ts"], load: async () => (await import("./bundle.bench.ts")).bundle },
  columns: { paths: ["data/columns"], load: async () => (await import("./columns.bench.ts")).columns },
  feed: {
    paths: ["api/feed", "db/repositories/feed-repository.ts", "db/repositories/outbox-repository.ts"],
    load: async () => (await import("./feed.bench.ts")).feed,
  },
  grids: {
    paths: ["api/direct", "api/auth", "api/hardening", "api/routes/graphql.ts", "api/server.ts", "db/single-read.ts"],
    load: async () => (await import("./grids.bench.ts")).grids,
  },
  heat: {
    paths: ["api/services/aggregate", "data/columns", "db/rollups"],
    load: async () => (await import("./counts.bench.ts")).heat,
  },
  hot: { paths: ["api/hot", "data/columns"], load: async () => (await import("./hot.bench.ts")).hot },
  import: {
    paths: ["data/importers", "db/import", "api/services/importing"],
    load: async () => (await import("./import.bench.ts")).importing,
  },
  live: {
    paths: ["api/feed", "api/live", "api/routes/live.ts", "db/repositories/feed-repository.ts"],
    load: async () => (await import("./live.bench.ts")).live,
  },
  "live-kill": {
    paths: ["api/feed", "api/live", "api/services/report", "db/embedded", "db/driver-native.ts"],
    load: async () => (await import("./live-kill.bench.ts")).liveKill,
  },
  load: { paths: ["db/import", "data/geo"], load: async () => (await import("./load.bench.ts")).load },
  "plan-desk": {
    paths: ["web/seats/plan", "web/map", "data/coverage/plan-graph"],
    load: async () => (await import("./plan-desk.bench.ts")).planDesk,
  },
  "plan-edit": {
    paths: ["data/coverage/plan-graph", "data/coverage/noding"],
    load: async () => (await import("./plan-edit.bench.ts")).planEdit,
  },
  "plan-properties": {
    paths: ["data/coverage/plan-graph", "data/coverage/noding"],
    load: async () => (await import("./plan-properties.bench.ts")).planProperties,
  },
  policy: {
    paths: ["data/policy", "db/policy", "db/repositories"],
    load: async () => (await import("./policy.bench.ts")).policy,
  },
  propose: { paths: ["data/partition"], load: async () => (await import("./propose.bench.ts")).proposing },
  qgis: { paths: ["api/routes", "data/ogc"], load: async () => (await import("./qgis.bench.ts")).qgis },
  "read-memory": {
    paths: ["data/importers", "api/services/importing"],
    load: async () => (await import("./read-memory.bench.ts")).readMemory,
  },
  start: {
    paths: ["api/cli", "db/embedded", "db/migrations", "data/demo"],
    load: async () => (await import("./start.bench.ts")).start,
  },
  tiles: { paths: ["api/tiles", "data/tiles"], load: async () => (await import("./tiles.bench.ts")).tiles },
  trend: {
    paths: ["api/services/aggregate", "data/columns", "db/rollups"],
    load: async () => (await import("./counts.bench.ts")).trend,
  },
  upgrade: {
    paths: ["api/pack", "api/backup", "db/backup", "db/migrations", "db/migrate.ts", "db/open-database.ts"],
    load: async () => (await import("./upgrade.bench.ts")).upgrade,
  },
  wall: {
    paths: ["web/map", "web/plane", "web/seats/wall", "web/layers", "data/columns"],
    load: async () => (await import("./wall.bench.ts")).wall,
  },
  "wall-soak": {
    paths: ["web/map", "web/plane", "web/layers", "data/columns"],
    load: async () => (await import("./wall-soak.bench.ts")).wallSoak,
  },
};
