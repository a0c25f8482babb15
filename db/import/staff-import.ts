import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import type { StaffDraft } from "../../data/importers/staff-rows.ts";
import { commonArea } from "../../data/model/codes.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { AreaFinder, type FoundArea } from "./area-finder.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport, seededUuid } from "./import-transaction.ts";
import type { JournalKind } from "./journal-kinds.ts";
import { idRangeOf, type MergeCounts, mergeRows } from "./merge-rows.ts";
import { readOrganisations } from "./organisation-import.ts";
import { idOfKey } from "./own-id.ts";

export interface StaffImport {
  readonly drafts: readonly StaffDraft[];
  /** Rows in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

/** Staff and posts have no event time: ids share one, so that they depend on the key alone (data rule 3). */
const ID_TIME = Date.UTC(2000, 0, 1);

/** Writes duty staff, their posts, who holds them and the areas that they serve. */
export const importStaff = (database: Database, context: ImportContext, input: StaffImport): Promise<ImportReport> =>
  runImport(database, context, (tx, county) => writeStaff(tx, context, county, input));

interface Placed extends StaffDraft {
  readonly served: readonly FoundArea[];
}

async function writeStaff(
  tx: Transaction,
  context: ImportContext,
  { batch, timezone }: ImportCounty,
  { drafts, read, crs, log }: StaffImport,
): Promise<ImportOutcome> {
  const { county } = context;
  const journal = { county, batch };
  const rows = new StaffRows(context, new ZoneClock(timezone), await readBefore(tx, county));
  for (const draft of placeStaff(drafts, await AreaFinder.read(tx, county, context.nowMs), log)) rows.add(draft, log);
  // Counted are people: what hangs on them comes with them.
  let counts: MergeCounts | undefined;
  let moved = 0;
  for (const [table, { columns, list, merged }] of rows.tables()) {
    const done = await mergeRows(tx, journal, { table, columns, rows: list, merged });
    if (table === "duty_staff") counts = done;
    else moved += done.loaded + done.updated;
  }
  const people = counts ?? { loaded: 0, updated: 0, unchanged: 0 };
  // A person whose post or telephone alone changed has changed.
  const touched = people.loaded + people.updated === 0 && moved > 0 ? Math.min(moved, people.unchanged) : 0;
  const list = rows.people();
  return {
    entityKind: "area",
    idRange: idRangeOf(list, 1),
    report: {
      kind: "staff",
      county,
      read,
      loaded: people.loaded,
      updated: people.updated + touched,
      unchanged: people.unchanged - touched,
      skipped: log.skipped(),
      flags: log.flags(),
      crs,
      seconds: 0,
    },
  };
}

/** Finds the areas that people serve; who serves none that is known is skipped. */
function placeStaff(drafts: readonly StaffDraft[], areas: AreaFinder, log: ImportLog): Placed[] {
  return drafts.flatMap((draft): Placed[] => {
    const served: FoundArea[] = [];
    for (const word of draft.areas) {
      const area = areas.named(word);
      if (area) served.push(area);
      else log.skip("area_not_found", { at: draft.at, value: word, message: "no area has this code or name" });
    }
    return served.length > 0 ? [{ ...draft, served }] : [];
  });
}

/** What is there of staff, by id. */
interface Before {
  readonly organisations: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, string>;
  /** Beginning of a holder's time, by `post/staff/slot`. */
  readonly since: ReadonlyMap<string, string>;
}

async function readBefore(tx: Transaction, county: string): Promise<Before> {
  const staff = await tx.rows<{ id: string; scope: string }>(
    "SELECT id, scope_code AS scope FROM duty_staff WHERE county = $1",
    [county],
  );
  const holders = await tx.rows<{ key: string; since: string }>(
    `SELECT post_id::text || '/' || staff_id::text || '/' || slot AS key, lower(valid) AS since FROM post_holder
      WHERE county = $1 AND lower(valid) IS NOT NULL`,
    [county],
  );
  return {
    organisations: (await readOrganisations(tx, county)).byName,
    scopes: new Map(staff.map(({ id, scope }) => [id, scope])),
    since: new Map(holders.map(({ key, since }) => [key, since])),
  };
}

interface TableOfRows {
  readonly columns: readonly string[];
  readonly list: readonly (readonly CopyValue[])[];
  readonly merged?: Readonly<Record<string, string>>;
}

const COLUMNS = {
  duty_staff: ["county", "id", "name", "name_sort", "title", "organisation_id", "scope_code"],
  duty_staff_contact: ["county", "staff_id", "work_phone", "scope_code"],
  post: ["county", "id", "kind", "organisation_id", "place", "geom", "scope_code"],
  post_area: ["county", "post_id", "area_id", "lead", "scope_code"],
  post_holder: ["county", "post_id", "staff_id", "slot", "valid", "scope_code"],
} as const satisfies Partial<Record<JournalKind, readonly string[]>>;

/** A unit that a file does not name, or that is not known, does not wipe out the one that is. */
const KEPT: Readonly<Record<string, string>> = { organisation_id: "coalesce(s.organisation_id, t.organisation_id)" };

type StaffTable = keyof typeof COLUMNS;

/** Rows of the tables of staff, each key once. */
class StaffRows {
  readonly #rows: { readonly [Table in StaffTable]: Map<string, readonly CopyValue[]> } = {
    duty_staff: new Map(),
    duty_staff_contact: new Map(),
    post: new Map(),
    post_area: new Map(),
    post_holder: new Map(),
  };
  readonly #scopes: Map<string, string>;

  constructor(
    readonly context: ImportContext,
    readonly clock: ZoneClock,
    readonly before: Before,
  ) {
    this.#scopes = new Map(before.scopes);
  }

  people(): (readonly CopyValue[])[] {
    return [...this.#rows.duty_staff.values()];
  }

  add(draft: Placed, log: ImportLog): void {
    const { county } = this.context;
    const staff = idOfKey(county, "staff", draft.key);
    const organisation =
      draft.organisation === null ? null : (this.before.organisations.get(draft.organisation) ?? null);
    if (draft.organisation !== null && organisation === null)
      log.flag("organisation_not_found", `units that are not known, first ${draft.at}: import organisations first`);
    const scope = commonArea(draft.served.map(({ code }) => code)) ?? county;
    const whole = commonArea([scope, this.#scopes.get(staff) ?? scope]) ?? county;
    this.#scopes.set(staff, whole);
    this.#rows.duty_staff.set(staff, [
      county,
      staff,
      draft.name,
      nameSort(draft.name),
      draft.title,
      organisation,
      whole,
    ]);
    if (draft.workPhone !== null) this.#rows.duty_staff_contact.set(staff, [county, staff, draft.workPhone, whole]);
    const first = draft.served[0] as FoundArea;
    const areas = draft.served.map(({ code }) => code).join("+");
    const post = seededUuid(
      `${county}/post/${draft.kind}/${areas}${draft.slot === null ? `/${draft.key}` : ""}`,
      ID_TIME,
    );
    const place = draft.place ?? first.name;
    this.#rows.post.set(post, [county, post, draft.kind, organisation, place, pointEwkb(first.label), scope]);
    for (const area of draft.served)
      this.#rows.post_area.set(`${post}/${area.id}`, [county, post, area.id, draft.kind === "grid_leader", area.code]);
    this.#hold(draft, post, staff, scope);
  }

  #hold(draft: Placed, post: string, staff: string, scope: string): void {
    const slot = draft.slot ?? "A";
    const key = `${post}/${staff}/${slot}`;
    const { nowMs, county } = this.context;
    const day = (text: string, add: number): string =>
      new Date(this.clock.fromLocal(Date.parse(`${text}T00:00:00Z`) + add).epochMs).toISOString();
    const from = draft.from === null ? undefined : day(draft.from, 0);
    const since = from ?? this.before.since.get(key) ?? new Date(this.clock.startOfDay(nowMs)).toISOString();
    // The last day is served to its end.
    const until = draft.to === null ? "" : day(draft.to, 86_400_000);
    this.#rows.post_holder.set(key, [county, post, staff, slot, `[${since},${until})`, scope]);
  }

  /** Tables in the order in which they can be written. */
  tables(): [StaffTable, TableOfRows][] {
    const order: readonly StaffTable[] = ["duty_staff", "duty_staff_contact", "post", "post_area", "post_holder"];
    return order.map((table) => [
      table,
      {
        columns: COLUMNS[table],
        list: [...this.#rows[table].values()],
        merged: table === "duty_staff" ? KEPT : {},
      },
    ]);
  }
}
