import { toGlobalId } from "../../data/model/ids.ts";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";
import { seededUuid } from "../import/import-transaction.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { insertGrant } from "../repositories/grant-repository.ts";

/** Less of an ended area than this is no successor that somebody is to work in: lines that did not quite meet. */
const SMALLEST_SHARE = 0.005;

interface Held {
  readonly id: string;
  readonly accountId: string;
  readonly role: Parameters<typeof insertGrant>[1]["role"];
  readonly areaId: string;
}

interface Heir {
  readonly from: string;
  readonly fromCode: string;
  readonly to: string;
  readonly toCode: string;
  readonly share: number;
}

/** Where ended areas of a publication went, most ground first. */
const heirsOf = (tx: Transaction, county: string, planId: string, at: string): Promise<Heir[]> =>
  tx.rows<Heir>(
    `SELECT l.from_area AS "from", l.from_code AS "fromCode", l.to_area AS "to", l.to_code AS "toCode", l.share
     FROM area_lineage l
     WHERE l.county = $1 AND l.plan_id = $2::uuid AND l.at = $3::timestamptz AND l.from_area <> l.to_area
       AND l.share >= $4::double precision
       AND NOT EXISTS (SELECT FROM area_version v WHERE v.county = $1 AND v.area_id = l.from_area
         AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz)
     ORDER BY l.from_code, l.share DESC, l.to_code`,
    [county, planId, at, SMALLEST_SHARE],
  );

/**
 * What was granted on an area that a publication ends goes to its successors: an account gets the role on each of them, its
 * sessions go on with the one that most of the ground went to; a token and a kiosk, which have one area, follow that one. Each
 * grant that moves has a row in the audit log.
 *
 * @param now instant of the settlement, ISO 8601
 * @returns grants, tokens and kiosks that moved
 */
export async function moveGrants(
  tx: Transaction,
  county: string,
  planId: string,
  at: string,
  now: string,
): Promise<number> {
  const heirs = await heirsOf(tx, county, planId, at);
  if (heirs.length === 0) return 0;
  const ended = [...new Set(heirs.map(({ from }) => from))];
  let moved = 0;
  // Accounts of the county, and those of the server that hold a grant here.
  for (const home of [county, ROOT_COUNTY]) {
    const held = await tx.rows<Held>(
      `SELECT g.id, g.account_id AS "accountId", g.role, g.area_id AS "areaId" FROM role_grant g
       WHERE g.county = $1 AND g.area_county = $2 AND g.area_id = ANY($3::uuid[]) AND g.revoked_at IS NULL ORDER BY g.id`,
      [home, county, ended],
    );
    for (const grant of held) {
      await moveGrant(
        tx,
        { county, home, planId, now },
        grant,
        heirs.filter(({ from }) => from === grant.areaId),
      );
      moved++;
    }
  }
  const main = ended.flatMap((from) => heirs.find((heir) => heir.from === from) ?? []);
  for (const table of ["api_token", "kiosk_link"])
    moved += await tx.execute(
      `UPDATE ${table} t SET area_id = m.heir FROM unnest($2::uuid[], $3::uuid[]) AS m(ended, heir)
       WHERE t.county = $1 AND t.area_id = m.ended AND t.revoked_at IS NULL`,
      [county, main.map(({ from }) => from), main.map(({ to }) => to)],
    );
  return moved;
}

async function moveGrant(
  tx: Transaction,
  {
    county,
    home,
    planId,
    now,
  }: { readonly county: string; readonly home: string; readonly planId: string; readonly now: string },
  grant: Held,
  heirs: readonly Heir[],
): Promise<void> {
  const had = await tx.rows<{ id: string; areaId: string }>(
    `SELECT g.id, g.area_id AS "areaId" FROM role_grant g
     WHERE g.county = $1 AND g.account_id = $2::uuid AND g.role = $3 AND g.area_county = $4 AND g.area_id = ANY($5::uuid[])
       AND g.revoked_at IS NULL`,
    [home, grant.accountId, grant.role, county, heirs.map(({ to }) => to)],
  );
  const grantOf = new Map(had.map(({ areaId, id }) => [areaId, id]));
  for (const { to } of heirs) {
    if (grantOf.has(to)) continue;
    const id = seededUuid(`${county}/grant/${planId}/${grant.id}/${to}`, Date.parse(now));
    await insertGrant(tx, {
      county: home,
      id,
      accountId: grant.accountId,
      role: grant.role,
      areaCounty: county,
      areaId: to,
      grantedBy: "jingwei",
      grantedAt: now,
    });
    grantOf.set(to, id);
  }
  await tx.execute(
    "UPDATE role_grant SET revoked_by = 'jingwei', revoked_at = $3::timestamptz WHERE county = $1 AND id = $2::uuid",
    [home, grant.id, now],
  );
  await tx.execute("UPDATE session SET grant_id = $3::uuid WHERE county = $1 AND grant_id = $2::uuid", [
    home,
    grant.id,
    grantOf.get(heirs[0]?.to ?? "") ?? null,
  ]);
  await appendAudit(tx, county, {
    ...systemActor(),
    action: "grant.move",
    entity: {
      plan: toGlobalId("Plan", county, planId),
      account: toGlobalId("Account", home, grant.accountId),
      role: grant.role,
      from: heirs[0]?.fromCode ?? "",
      to: heirs.map(({ toCode }) => toCode),
    },
    at: now,
  });
}
