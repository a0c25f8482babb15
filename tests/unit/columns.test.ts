import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ColumnArray,
  type ColumnTable,
  decodeColumns,
  encodeColumns,
  NULL_TIME,
} from "../../data/columns/format.ts";
import {
  FLAG,
  gridRange,
  type IncidentColumns,
  incidentColumns,
  NO_GRID,
} from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, selectRows } from "../../data/columns/select.ts";
import { AppError } from "../../data/model/errors.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES, isLate } from "../../data/model/incident.ts";

/** Names of columns and dictionaries are identifiers. */
const name = fc.stringMatching(/^[a-z][A-Za-z]{0,8}$/);
const column = (rows: number): fc.Arbitrary<ColumnArray> => {
  const array = { minLength: rows, maxLength: rows };
  return fc.oneof(fc.uint8Array(array), fc.uint16Array(array), fc.uint32Array(array), fc.int32Array(array));
};
const table: fc.Arbitrary<ColumnTable> = fc.nat(50).chain((rows) =>
  fc.record({
    layer: fc.string(),
    county: fc.string(),
    rows: fc.constant(rows),
    version: fc.string(),
    asOf: fc.nat(),
    columns: fc.dictionary(name, column(rows), { noNullPrototype: true }),
    dictionaries: fc.dictionary(name, fc.array(fc.string({ unit: "grapheme" })), {
      noNullPrototype: true,
    }),
  }),
);

describe("the column format", () => {
  it("reads back what it wrote, and writes equal tables to equal bytes", () => {
    fc.assert(
      fc.property(table, (given) => {
        const bytes = encodeColumns(given);
        expect(decodeColumns(bytes)).toEqual(given);
        expect(encodeColumns(given)).toEqual(bytes);
      }),
    );
  });

  it("reads a slice that lies askew in a larger buffer", () => {
    const bytes = encodeColumns({
      layer: "l",
      county: "c",
      rows: 2,
      version: "1",
      asOf: 0,
      columns: { a: new Int32Array([1, -2]) },
      dictionaries: {},
    });
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(decodeColumns(larger.subarray(3)).columns["a"]).toEqual(new Int32Array([1, -2]));
  });

  it("refuses every file that is cut short", () => {
    const bytes = encodeColumns({
      layer: "l",
      county: "c",
      rows: 9,
      version: "1",
      asOf: 0,
      columns: { a: new Uint32Array(9) },
      dictionaries: {},
    });
    // Padding may follow the last value; everything before it is needed.
    for (let length = 0; length < bytes.length - 4; length++)
      expect(() => decodeColumns(bytes.slice(0, length)), `${length} bytes`).toThrow(AppError);
  });

  it("refuses another magic and another version", () => {
    const bytes = encodeColumns({
      layer: "",
      county: "",
      rows: 0,
      version: "",
      asOf: 0,
      columns: {},
      dictionaries: {},
    });
    expect(() => decodeColumns(Uint8Array.from(bytes, (byte, i) => (i === 0 ? 0 : byte)))).toThrow(/magic/);
    expect(() => decodeColumns(Uint8Array.from(bytes, (byte, i) => (i === 4 ? 3 : byte)))).toThrow(/version 3/);
  });
});

const GRIDS = ["990100001001001-01", "990100001001001-02", "990100001001002", "990100002001001", "990100002001002"];
const CLASSES = ["01001", "01002", "05001", "80001"];
const AREAS = ["990100", "990100001", "990100001001001", "990100001001002", "990100002001", "990100003", ...GRIDS];
const AS_OF = 5_000;

interface Row {
  readonly opened: number;
  readonly closed: number;
  readonly due: number;
  readonly flags: number;
  readonly classIndex: number;
  readonly state: number;
  readonly severity: number;
  readonly source: number;
  readonly grid: number;
}
const instant = fc.integer({ min: 0, max: 9_999 });
const optionalInstant = fc.oneof(instant, fc.constant(NULL_TIME));
const row: fc.Arbitrary<Row> = fc.record({
  opened: instant,
  closed: optionalInstant,
  due: optionalInstant,
  flags: fc.integer({ min: 0, max: 31 }),
  classIndex: fc.nat(CLASSES.length - 1),
  state: fc.nat(INCIDENT_STATES.length - 1),
  severity: fc.nat(INCIDENT_SEVERITIES.length - 1),
  source: fc.nat(INCIDENT_SOURCES.length - 1),
  grid: fc.oneof(fc.nat(GRIDS.length - 1), fc.constant(NO_GRID)),
});

function columnsOf(rows: readonly Row[]): IncidentColumns {
  const sorted = rows.toSorted((a, b) => a.opened - b.opened);
  const ints = (key: keyof Row) => Int32Array.from(sorted, (one) => one[key]);
  const bytes = (key: keyof Row) => Uint8Array.from(sorted, (one) => one[key]);
  return incidentColumns({
    layer: "incidents",
    county: "990100",
    rows: sorted.length,
    version: "1",
    asOf: AS_OF,
    columns: {
      lon: new Int32Array(sorted.length),
      lat: new Int32Array(sorted.length),
      opened: ints("opened"),
      closed: ints("closed"),
      due: ints("due"),
      flags: bytes("flags"),
      class: Uint16Array.from(sorted, (one) => one.classIndex),
      state: bytes("state"),
      severity: bytes("severity"),
      source: bytes("source"),
      grid: Uint32Array.from(sorted, (one) => one.grid),
      ref: Uint32Array.from(sorted, (_, i) => i + 1),
    },
    dictionaries: { classes: CLASSES, grids: GRIDS },
  });
}

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined });
const indexes = (list: readonly unknown[]) => some(list.map((_, i) => i));
const filter: fc.Arbitrary<ColumnFilter> = fc.record({
  inside: fc.option(fc.constantFrom(...AREAS), { nil: undefined }),
  from: fc.option(instant, { nil: undefined }),
  to: fc.option(instant, { nil: undefined }),
  classes: some([...CLASSES, "01", "05", "99"]),
  states: indexes(INCIDENT_STATES),
  severities: indexes(INCIDENT_SEVERITIES),
  sources: indexes(INCIDENT_SOURCES),
  late: fc.option(fc.boolean(), { nil: undefined }),
  withoutSuspicious: fc.option(fc.boolean(), { nil: undefined }),
});

const iso = (seconds: number) => (seconds === NULL_TIME ? null : new Date(seconds * 1000).toISOString());
const verdict = (flags: number) =>
  flags & FLAG.verdict ? (flags & FLAG.lateAtClose ? ("overdue" as const) : ("on_time" as const)) : null;

/** The filter said again in plain words, over the model's own rule of lateness. */
function holds(one: Row, wanted: ColumnFilter): boolean {
  const code = one.grid === NO_GRID ? "990100" : (GRIDS[one.grid] as string);
  const classCode = CLASSES[one.classIndex] as string;
  const late = isLate(
    {
      dueAt: iso(one.due),
      closedAt: iso(one.closed),
      state: INCIDENT_STATES[one.state] ?? "found",
      sourceVerdict: verdict(one.flags),
    },
    AS_OF * 1000,
  );
  return (
    (wanted.inside === undefined || code.startsWith(wanted.inside)) &&
    (wanted.from === undefined || one.opened >= wanted.from) &&
    (wanted.to === undefined || one.opened < wanted.to) &&
    (wanted.classes === undefined || wanted.classes.some((prefix) => classCode.startsWith(prefix))) &&
    (wanted.states === undefined || wanted.states.includes(one.state)) &&
    (wanted.severities === undefined || wanted.severities.includes(one.severity)) &&
    (wanted.sources === undefined || wanted.sources.includes(one.source)) &&
    (wanted.late === undefined || late === wanted.late) &&
    !(wanted.withoutSuspicious && one.flags & FLAG.suspicious)
  );
}

describe("selectRows", () => {
  it("holds exactly the rows that the filter says", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), filter, (rows, wanted) => {
        const sorted = rows.toSorted((a, b) => a.opened - b.opened);
        const expected = sorted.flatMap((one, i) => (holds(one, wanted) ? [i] : []));
        expect([...selectRows(columnsOf(rows), wanted, AS_OF)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("finds the index range of an area", () => {
    expect(gridRange(GRIDS, "990100001")).toEqual([0, 3]);
    expect(gridRange(GRIDS, "990100001001001")).toEqual([0, 2]);
    expect(gridRange(GRIDS, "990100003")).toEqual([5, 5]);
  });
});
