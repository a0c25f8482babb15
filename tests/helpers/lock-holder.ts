import { acquireDataLock } from "../../db/embedded/data-lock.ts";

/**
 * A process of its own that takes a lock and says what came of it: `held`, or `refused <message>`. Then it waits to be
 * ended. With a second argument it first waits for that instant (epoch ms), so that several start together.
 */
const [file = "", startAt = "0"] = process.argv.slice(2);
while (Date.now() < Number(startAt)) {
  // busy: the closer together the attempts are, the more the test can show
}
try {
  acquireDataLock(file, "The test folder");
  process.stdout.write("held\n");
} catch (error) {
  process.stdout.write(`refused ${(error as Error).message}\n`);
}
setInterval(() => undefined, 1000);
