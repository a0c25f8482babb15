import { NULL_TIME } from "../../data/columns/format.ts";
import { mayIn } from "../app/viewer.ts";
import { texts as cameraTexts } from "../layers/cameras/texts.ts";
import { texts as incidentTexts } from "../layers/incidents/texts.ts";
import { figure, useTexts } from "../layers/use-texts.ts";
import { usePlaneAnswer } from "../plane/use-answer.ts";
import { usePlane } from "../plane/use-plane.ts";
import { type Hovered, useMapState } from "./map-state.ts";
import type { Scene } from "./scene.ts";
import { MAP_TEXTS } from "./texts.ts";

export interface HoverCardProps {
  /** Name of a five-digit class in the language of the page. */
  readonly describeClass: (code: string) => string;
  /** IANA zone of the county, for times. */
  readonly timezone: string;
}

function AreaCard({ what }: { readonly what: Extract<Hovered, { kind: "area" }> }) {
  const t = useTexts(MAP_TEXTS);
  const { area } = what;
  const count = usePlaneAnswer<"areas">({ kind: "areas" })?.value.counts.get(area.code) ?? 0;
  const lowest = area.level === "grid" || area.level === "micro";
  return (
    <>
      <strong>{area.name}</strong>
      <span>
        {t.levels[area.level]} · {area.code}
      </span>
      <span>
        {[
          area.households !== null && `${area.householdsExact ? "" : "≈ "}${figure(area.households)} ${t.households}`,
          mayIn("incident", area.code) && `${figure(count)} ${t.incidents}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
      {area.owner ? (
        <span>
          {t.responsible} {area.owner.name}
          {area.owner.status === "expired" ? `（${t.expired}）` : ""}
        </span>
      ) : lowest && mayIn("duty", area.code) ? (
        <span>{t.nobody}</span>
      ) : null}
    </>
  );
}

function IncidentCard({
  what,
  scene,
  describeClass,
  timezone,
}: HoverCardProps & {
  readonly what: Extract<Hovered, { kind: "incident" }>;
  readonly scene: Scene;
}) {
  const t = useTexts(incidentTexts);
  const { columns } = usePlane.getState();
  if (!columns) return null;
  const { ref, status } = what.point;
  // The columns may have moved on since the sign was made.
  const row = columns.ref[what.point.row] === ref ? what.point.row : columns.ref.indexOf(ref);
  if (row < 0) return null;
  const code = columns.classes[columns.classIndex[row] as number] ?? "";
  const time = (seconds: number): string =>
    new Intl.DateTimeFormat(scene.view.language, {
      timeZone: timezone,
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(seconds * 1000);
  const due = columns.due[row] as number;
  return (
    <>
      <strong>{describeClass(code)}</strong>
      <span style={{ color: scene.palette.status[status] }}>{t[status]}</span>
      <span>
        {t.opened} {time(columns.opened[row] as number)}
        {due === NULL_TIME ? "" : ` · ${t.due} ${time(due)}`}
      </span>
    </>
  );
}

function CameraCard({ what }: { readonly what: Extract<Hovered, { kind: "camera" }> }) {
  const t = useTexts(cameraTexts);
  const words = { online: t.online, offline: t.down, faulty: t.faulty, unknown: t.unknown };
  const { camera } = what;
  return (
    <>
      <strong>{camera.name || camera.id}</strong>
      <span>
        {t[camera.network]} · {words[camera.status]}
      </span>
    </>
  );
}

function ClusterCard({ what }: { readonly what: Extract<Hovered, { kind: "cluster" }> }) {
  const t = useTexts(MAP_TEXTS);
  const { count, lateShare, openShare } = what.cluster;
  return (
    <>
      <strong>
        {figure(count)} {t.incidents}
      </strong>
      <span>
        {t.unfinished} {figure(Math.round(openShare * count))} · {t.late} {figure(Math.round(lateShare * count))}
      </span>
      <span>{t.clickToZoom}</span>
    </>
  );
}

/** What is under the pointer, beside it. Everything in it can also be reached through lists and panels. */
export function HoverCard(props: HoverCardProps) {
  const hover = useMapState((map) => map.hover);
  const scene = useMapState((map) => map.scene);
  if (!hover || !scene) return null;
  const { what, x, y } = hover;
  const right = x > innerWidth / 2;
  const low = y > innerHeight / 2;
  return (
    <div
      className="hover-card"
      role="tooltip"
      style={{
        left: x,
        top: y,
        transform: `translate(${right ? "calc(-100% - 0.9rem)" : "0.9rem"}, ${low ? "calc(-100% - 0.9rem)" : "0.9rem"})`,
      }}
    >
      {what.kind === "area" ? <AreaCard what={what} /> : null}
      {what.kind === "incident" ? <IncidentCard {...props} what={what} scene={scene} /> : null}
      {what.kind === "camera" ? <CameraCard what={what} /> : null}
      {what.kind === "cluster" ? <ClusterCard what={what} /> : null}
    </div>
  );
}
