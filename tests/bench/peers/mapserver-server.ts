import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FastCgiProgram } from "./fast-cgi.ts";

/**
 * MapServer's vector tiles (`/z/x/y`) and its OGC API (`/items?bbox…`) over the same cases, by FastCGI and a kept connection;
 * nobody is asked who they are. `BENCH_URL` names the database, `BENCH_COUNTY` the county, `BENCH_MAPSERVER` the program; the first line
 * printed is the address.
 */
const { BENCH_URL: url = "", BENCH_COUNTY: county = "", BENCH_MAPSERVER: program = "" } = process.env;

const CASES = `SELECT i.ref, i.class_code AS class, i.state, i.severity, i.source,
  extract(epoch FROM i.opened_at)::int AS opened, extract(epoch FROM i.closed_at)::int AS closed,
  extract(epoch FROM i.due_at)::int AS due, i.suspicious, i.scope_code AS area, i.geom
  FROM incident i WHERE i.county = '${county}'`;

/** Most features of a page (MapServer's own bound). */
const MOST_ITEMS = 10_000;

const MAPFILE = `MAP
  NAME "bench"
  WEB
    METADATA
      "oga_enable_request" "*"
      "oga_onlineresource" "http://127.0.0.1/mapserv/bench/ogcapi"
      "oga_max_limit" "${MOST_ITEMS}"
      "ows_title" "bench"
    END
  END
  EXTENT -20037508.34 -20037508.34 20037508.34 20037508.34
  UNITS METERS
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT NAME "mvt" DRIVER "MVT" FORMATOPTION "EDGE_BUFFER=0" FORMATOPTION "EXTENT=4096" END
  LAYER
    NAME "incidents"
    TYPE POINT
    STATUS ON
    CONNECTIONTYPE POSTGIS
    CONNECTION "${url}"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "geom FROM (${CASES}) AS cases USING UNIQUE ref USING SRID=4326"
    PROJECTION "init=epsg:4326" END
    METADATA "gml_include_items" "all" "gml_types" "auto" "ows_title" "incidents" "gml_featureid" "ref" "oga_enable_request" "*" END
    TEMPLATE "none"
    CLASS NAME "all" END
  END
END
`;

const folder = mkdtempSync(join(tmpdir(), "mapserver-"));
const [map, config] = [join(folder, "bench.map"), join(folder, "mapserver.conf")];
writeFileSync(map, MAPFILE.replace(/\n {2}(?=extract|FROM)/g, " "));
writeFileSync(config, `CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\n  MAPS\n    bench "${map}"\n  END\nEND\n`);
const mapserver = await FastCgiProgram.start(program, { MAPSERVER_CONFIG_FILE: config });

const server = createServer((request, response) => {
  const [first = "", x = "", y = ""] = (request.url ?? "").slice(1).split(/[/?]/);
  const answer =
    first === "items"
      ? mapserver.get(`f=json&limit=${MOST_ITEMS}&${x}`, "/bench/ogcapi/collections/incidents/items")
      : mapserver.get(`map=${map}&mode=tile&tilemode=gmap&tile=${x}+${y}+${first}&layers=incidents&map.imagetype=mvt`);
  answer.then(
    (body) => {
      response.writeHead(200, { "content-length": body.length });
      response.end(body);
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
});
process.once("SIGTERM", () => {
  mapserver.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
