import { createServer } from "node:http";
import pg from "pg";
import { BBOX_SQL, GRIDS_SQL } from "./question-sql.ts";

/**
 * The floor: the least that answers over HTTP. One prepared statement a request, its text passed on; nobody is asked who
 * they are. `BENCH_URL` names the database; the first line printed is the address.
 */
const pool = new pg.Pool({
  connectionString: process.env["BENCH_URL"],
  max: 8,
  options: "-c TimeZone=UTC -c DateStyle=ISO -c jit=off",
});
const QUESTIONS: Readonly<
  Record<string, { readonly name: string; readonly text: string; readonly parameters: readonly string[] }>
> = {
  "/grids": { name: "grids", text: GRIDS_SQL, parameters: ["county", "inside", "at"] },
  "/bbox": {
    name: "bbox",
    text: BBOX_SQL,
    parameters: ["county", "west", "south", "east", "north", "from", "to"],
  },
};

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://floor");
  const question = QUESTIONS[url.pathname];
  if (!question) {
    response.writeHead(404).end();
    return;
  }
  const { name, text, parameters } = question;
  const values = parameters.map((parameter) => url.searchParams.get(parameter));
  pool.query<string[]>({ name, text, values, rowMode: "array" }).then(
    ({ rows }) => {
      const body = Buffer.from(rows[0]?.[0] ?? "");
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
});
process.once("SIGTERM", () => process.exit(0));
