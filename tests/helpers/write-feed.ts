import { Feed } from "../../api/feed/feed.ts";
import { follow } from "../../api/feed/follow.ts";
import { openDatabase } from "../../db/open-database.ts";
import { writeChange } from "./feed-writes.ts";

/**
 * A process that sends changes of a county for ever, relays them and follows its own feed; it says the number of a change only
 * after its commit: what a test then kills without warning.
 */
const [where = "", dir = "", cacheDir = "", county = "", first = "0"] = process.argv.slice(2);
const { database } = await openDatabase(where === "embedded" ? { dir, cacheDir, durable: false } : { url: where, dir });
const feed = new Feed(database, Date.now, (fields) => console.error(fields));
feed.start();
follow(
  feed.bus,
  county,
  { liveVersion: 0 },
  {
    onEvents: (_events, { seq }) => void process.stdout.write(`told ${seq}\n`),
    onReset: () => void process.stdout.write("reset\n"),
  },
);
let next = Number(first);
const write = async (): Promise<never> => {
  for (;;) {
    const ref = next++;
    const version = await writeChange(database, county, ref);
    process.stdout.write(`committed ${ref} ${version}\n`);
    feed.wake(county);
  }
};
process.stdout.write("ready\n");
await Promise.all([write(), write(), write()]);
