import { expect, it } from "vitest";
import { gridsBeyond } from "../../../web/seats/plan/state/grids-beyond.ts";

const grid = (code: string, households: number | null, kind: "basic" | "dedicated" = "basic") =>
  ({ code, level: "grid", kind, households }) as const;
const place = (code: string, kind: "community" | "village") =>
  ({ code, level: "community", kind, households: 2000 }) as const;

it("counts basic grids above and below the range by community, and hamlets only when they are too large", () => {
  const found = gridsBeyond([
    place("140226100001", "community"),
    place("140226100002", "village"),
    place("140226100003", "community"),
    grid("140226100001001", 501),
    grid("140226100001002", 500),
    grid("140226100001003", 299),
    grid("140226100001004", 620),
    grid("140226100001901", 12, "dedicated"),
    grid("140226100002001", 40),
    grid("140226100002002", 700),
    grid("140226100003001", 300),
    grid("140226100003002", null),
  ]);
  expect([...found]).toEqual([
    ["140226100001", { many: 2, few: 1 }],
    ["140226100002", { many: 1, few: 0 }],
  ]);
});
