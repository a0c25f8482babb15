import { expect, it } from "vitest";
import type { ToldChange } from "../../api/feed/told-change.ts";
import { ChangeTemplates } from "../../api/live/change-template.ts";

type Model = ToldChange["model"];
const change = (n: number, more: Partial<Model> = {}): Model => ({
  op: "UPSERT",
  kind: "incident",
  county: "990100",
  id: `Incident:990100:"${n}"`,
  ref: n,
  version: 2 * n,
  liveVersion: String(n),
  snapshotVersion: null,
  cursor: `c"${n}\\`,
  ...more,
});

/** Answers of an operation, and how many of them were executed. */
function counted(answer: (model: Model) => unknown) {
  let executed = 0;
  const templates = new ChangeTemplates((model) => {
    executed++;
    return JSON.stringify(answer(model));
  });
  return { templates, executed: () => executed };
}

const CHANGES = [
  ...[1, 2, 3, 2_147_483_646].map((n) => change(n)),
  ...[4, 5].map((n) => change(n, { op: "BULK", kind: "undecided", id: null, ref: null, version: null })),
  ...[6, 7].map((n) => change(n, { op: "REMOVE" })),
];

it("gives what execution gives, which is asked twice for each kind of change", () => {
  const answer = ({ op, kind, ref, id, version, cursor, liveVersion, county }: Model) => ({
    data: {
      changes: { op, __typename: "Change", k: kind, n: ref, same: ref, id, version, cursor, liveVersion, county },
    },
  });
  const { templates, executed } = counted(answer);
  for (const one of CHANGES) expect(templates.answer(one)).toBe(JSON.stringify(answer(one)));
  expect(executed()).toBe(6);
});

it("executes each change of an operation that no template says exactly", () => {
  // A key that looks like what stands for a number, and a value that is made of another.
  for (const answer of [
    ({ ref }: Model) => ({ data: { changes: { 2147483646: ref } } }),
    ({ ref }: Model) => ({ data: { changes: { twice: (ref ?? 0) * 2 } } }),
  ]) {
    const { templates } = counted(answer);
    for (const one of CHANGES) expect(templates.answer(one)).toBe(JSON.stringify(answer(one)));
  }
});

it("executes every reset", () => {
  const answer = ({ op, snapshotVersion }: Model) => ({ data: { changes: { op, snapshotVersion } } });
  const { templates, executed } = counted(answer);
  for (const n of [1, 2, 3]) {
    const reset = change(n, { op: "RESET", snapshotVersion: `1.${n}` });
    expect(templates.answer(reset)).toBe(JSON.stringify(answer(reset)));
  }
  expect(executed()).toBe(3);
});
