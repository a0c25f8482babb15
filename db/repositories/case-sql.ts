import { FLAG } from "../../data/columns/incident-columns.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { epochSql, indexSql, latticeSql } from "./packed-columns.ts";

/** Lateness that no longer depends on the clock, or that the source judged itself. */
const FLAGS_SQL = `(CASE WHEN i.state = 'on_hold' THEN ${FLAG.paused} ELSE 0 END
    | CASE WHEN i.source_verdict = 'overdue' OR (i.source_verdict IS NULL AND i.state NOT IN ('rejected', 'void')
        AND i.closed_at > i.due_at) THEN ${FLAG.lateAtClose} ELSE 0 END
    | CASE WHEN i.border THEN ${FLAG.border} ELSE 0 END
    | CASE WHEN i.suspicious THEN ${FLAG.suspicious} ELSE 0 END
    | CASE WHEN i.source_verdict IS NOT NULL THEN ${FLAG.verdict} ELSE 0 END
    | CASE WHEN i.sensitive THEN ${FLAG.sensitive} ELSE 0 END)`;

const CLOSED = epochSql("i.closed_at");
const DUE = epochSql("i.due_at");
/** Columns carry whole seconds: a case that was closed late within the second of its deadline is closed in the next one. */
const CLOSED_SQL = `CASE WHEN i.closed_at > i.due_at THEN greatest(${CLOSED}, least(${DUE}, 2147483646) + 1) ELSE ${CLOSED} END`;

/** A case of `incident i` as columns carry it (`IncidentColumns`), but for the indexes of its class and area. */
export const CASE_SQL = `i.ref,
  ${latticeSql("ST_X(i.geom)")} AS lon, ${latticeSql("ST_Y(i.geom)")} AS lat,
  ${epochSql("i.opened_at")} AS opened, ${CLOSED_SQL} AS closed, ${DUE} AS due,
  ${FLAGS_SQL} AS flags, ${indexSql("i.state", INCIDENT_STATES, 0)} AS state,
  ${indexSql("i.severity", INCIDENT_SEVERITIES, 1)} AS severity,
  ${indexSql("i.source", INCIDENT_SOURCES, INCIDENT_SOURCES.length - 1)} AS source`;
