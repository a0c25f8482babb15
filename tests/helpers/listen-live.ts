import { WebSocket } from "ws";
import { CHANGES } from "./live-client.ts";

/**
 * A process of many clients, half of them on the live feed of a server and as many on a plain socket: it counts what comes,
 * without reading it, and says the sum whenever a hundred clients have had a hundred more.
 */
const [url = "", raw = "", county = "", count = "1", headers = "{}"] = process.argv.slice(2);
const clients = Number(count);
const sums = { live: 0, raw: 0 };
const said = { live: 0, raw: 0 };
const counted = (name: "live" | "raw"): void => {
  sums[name]++;
  if (sums[name] - said[name] < clients * 100) return;
  said[name] = sums[name];
  process.stdout.write(`${name} ${sums[name]}\n`);
};
let begun = 0;
const ready = (): void => {
  if (++begun === clients * 2) process.stdout.write("ready\n");
};
for (let n = 0; n < clients; n++) {
  const address = `${url.replace(/^http/, "ws")}/graphql`;
  const socket = new WebSocket(address, "graphql-transport-ws", {
    headers: { origin: url, ...(JSON.parse(headers) as Record<string, string>) },
  });
  let first = true;
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  socket.on("message", (data) => {
    const text = String(data);
    if (text === '{"type":"ping"}') socket.send('{"type":"pong"}');
    else if (text.startsWith('{"type":"connection_ack"'))
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: CHANGES, variables: { county } } }));
    else if (first) {
      // The RESET that a subscription begins with.
      first = false;
      ready();
    } else counted("live");
  });
  const plain = new WebSocket(raw);
  plain.on("open", ready);
  plain.on("message", () => counted("raw"));
}
