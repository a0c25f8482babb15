import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import type { Geometry } from "../../data/model/geojson.ts";
import type { RawJson } from "../direct/raw-json.ts";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

function parseInstant(value: unknown): string {
  const ms = typeof value === "string" && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms))
    throw new GraphQLError(
      `${JSON.stringify(value)} is not an instant: ISO 8601 with offset, e.g. 2026-01-15T08:00:00+08:00`,
    );
  return new Date(ms).toISOString();
}

/** ISO 8601 instants; an offset is required, since the server must not guess a zone. */
export const dateTimeScalar = new GraphQLScalarType<string, string>({
  name: "DateTime",
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
  serialize: (value) => {
    const ms = Date.parse(String(value));
    if (Number.isNaN(ms)) throw new GraphQLError("the server holds a value that is not an instant");
    return new Date(ms).toISOString();
  },
});

function outputOnly(name: string): () => never {
  return () => {
    throw new GraphQLError(`${name} is an output only`);
  };
}

/** GeoJSON geometry; comes out of the database as it is, and goes in as a variable that the service checks. */
export const geojsonScalar = new GraphQLScalarType<unknown, Geometry>({
  name: "GeoJSON",
  serialize: (value) => value as Geometry,
  parseValue: (value) => value,
  parseLiteral: outputOnly("GeoJSON"),
});

/** Cases in columns: JSON text that is passed on. */
export const incidentColumnsScalar = new GraphQLScalarType<never, RawJson>({
  name: "IncidentColumns",
  serialize: (value) => value as RawJson,
  parseValue: outputOnly("IncidentColumns"),
  parseLiteral: outputOnly("IncidentColumns"),
});
