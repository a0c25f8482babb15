import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import { ChildAreasDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { childAreas, childLevels } from "../../panels/area-tree.ts";
import type { PanelInput } from "../../panels/types.ts";
import { usePlaneAnswer } from "../../plane/use-answer.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { useFormat } from "../../ui/format.ts";
import { ListTools } from "../../ui/list-tools.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { ExportMenu } from "./export/export-menu.tsx";
import { type LeaderRow, leaderRows } from "./leader-list.ts";
import { selectCase } from "./select-case.ts";
import { useListNotes } from "./use-list-notes.ts";

/** Who is on duty changes with shifts. */
const DUTY_POLL_MS = 60_000;

/** The leader's list: areas below, sorted by what needs action. */
export function AreaList({ input }: { input: PanelInput }) {
  const { t } = useTranslation();
  const format = useFormat();
  const drillTo = useView((view) => view.drillTo);
  const { asOf, area, areas } = input;
  const levels = useMemo(() => childLevels(areas, area), [areas, area]);
  const { data, error, retry } = useQuery(
    ChildAreasDocument,
    levels.length ? { area, levels: levels.map((level) => level.toUpperCase() as Uppercase<typeof level>) } : undefined,
    DUTY_POLL_MS,
  );
  const codes = useMemo(() => childAreas(areas, area).map(({ code }) => code), [areas, area]);
  const sums = usePlaneAnswer({ kind: "leaders", codes })?.value;
  // Sums of the places that were on screen before say nothing of these.
  const counted = sums && codes.every((code, index) => sums[index]?.code === code);
  const list = useMemo((): LeaderRow[] => {
    const known = new Map(data?.areas.nodes.map((node) => [node.code, node]));
    const places = childAreas(areas, area).map(({ code, name, owner }) => {
      const node = known.get(code);
      const duty = node?.staffLinks?.find((link) => link.onDuty && link.staff);
      return {
        code,
        name,
        // A town has no post of its own: there the number of those on duty inside answers.
        onDuty:
          node && node.onDuty !== null
            ? (duty?.staff?.name ?? (node.onDuty > 0 ? t("duty.inside", { number: node.onDuty }) : null))
            : undefined,
        owner: node?.staffLinks
          ? node.responsible && !node.responsible.expired
            ? node.responsible.organisation.name
            : null
          : owner?.status === "owned"
            ? owner.name
            : undefined,
      };
    });
    return leaderRows(sums ?? [], places);
  }, [sums, areas, area, data, t]);
  const owned = list.some((row) => row.owner);
  const notes = useListNotes(input);
  const place = areas.find((entry) => entry.code === area)?.name ?? area;
  const model: TableModel = {
    title: t("list.areas", { place }),
    notes,
    columns: [
      { key: "name", title: t("list.place") },
      { key: "late", title: t("clock.late"), align: "end" },
      { key: "dueSoon", title: t("clock.dueSoon"), align: "end" },
      { key: "open", title: t("figure.open"), align: "end" },
      { key: "oldest", title: t("list.oldest") },
      { key: "onDuty", title: t("duty.now") },
      ...(owned ? [{ key: "owner", title: t("ownership.unit") }] : []),
    ],
    rows: list.map((row) => ({
      key: row.code,
      name: row.name,
      late: row.late,
      dueSoon: row.dueSoon,
      open: row.open,
      oldest: row.oldestDue === undefined ? "–" : t("clock.overBy", { time: format.duration(asOf - row.oldestDue) }),
      onDuty: row.onDuty === undefined ? "…" : (row.onDuty ?? t("duty.nobody")),
      owner: row.owner === undefined ? "" : (row.owner ?? t("ownership.unowned")),
    })),
  };
  if (!counted) return <Skeleton />;
  if (!list.length) return <EmptyNote title={t("list.noAreas")}>{t("list.noAreasHint")}</EmptyNote>;
  return (
    <>
      <ListTools model={model} area={area}>
        <ExportMenu
          first="areas"
          area={area}
          place={place}
          level={levels.length === 1 ? levels[0] : undefined}
          asOf={asOf}
        />
      </ListTools>
      {error && <ErrorNote error={error} retry={retry} />}
      <DataTable
        testId="area-list"
        model={model}
        show={{
          name: (value, index) => (
            <button type="button" className="link" onClick={() => drillTo(list[index]?.code ?? area)}>
              {value}
            </button>
          ),
          late: (value) => (value ? <strong className="tone-late">{format.number(Number(value))}</strong> : value),
          oldest: (value, index) => {
            const ref = list[index]?.oldestRef;
            return ref === undefined ? (
              value
            ) : (
              <button
                type="button"
                className="link tone-late"
                title={t("list.oldestHint")}
                onClick={() => selectCase(ref)}
              >
                {value}
              </button>
            );
          },
          onDuty: (value, index) =>
            list[index]?.onDuty === null ? (
              <Badge tone="late" sign="▲">
                {value}
              </Badge>
            ) : (
              value
            ),
        }}
      />
    </>
  );
}
