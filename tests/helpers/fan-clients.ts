import { WebSocket } from "ws";
import { SMALL_COUNTY } from "../fixtures/small-county-base.ts";
import { DISPATCHER } from "./reports.ts";
import { PAGE } from "./swarm-members.ts";
import { viewerHeaders } from "./viewers.ts";

/**
 * A process of many clients of each address of `fan-server.ts`: they read and count messages, and nothing else. It says what
 * came when asked to end (its own end of input).
 */
const [count = "1", addresses = "{}"] = process.argv.slice(2);
const sums: Record<string, { messages: number; bytes: number }> = {};
for (const [name, address] of Object.entries(JSON.parse(addresses) as Record<string, string>)) {
  const sum = { messages: 0, bytes: 0 };
  sums[name] = sum;
  for (let n = 0; n < Number(count); n++) {
    const plain = name === "raw";
    const url = address.replace(/^http/, "ws");
    const socket = plain
      ? new WebSocket(url)
      : new WebSocket(`${url}/graphql`, "graphql-transport-ws", {
          headers: { origin: address, ...viewerHeaders(DISPATCHER) },
        });
    if (!plain) socket.on("open", () => socket.send('{"type":"connection_init"}'));
    socket.on("message", (data: Buffer) => {
      if (!plain && data.length < 120) {
        const text = String(data);
        if (text.includes('"ping"')) return socket.send('{"type":"pong"}');
        if (text.includes('"connection_ack"')) {
          const variables = { county: SMALL_COUNTY, ...(name === "gathered" ? { coalesce: 20 } : {}) };
          // As long as the client's own ids are.
          const id = "00000000-0000-4000-8000-000000000000";
          return socket.send(JSON.stringify({ id, type: "subscribe", payload: { query: PAGE, variables } }));
        }
      }
      sum.messages++;
      sum.bytes += data.length;
    });
  }
}
setInterval(() => process.stdout.write(`${JSON.stringify(sums)}\n`), 1_000);
