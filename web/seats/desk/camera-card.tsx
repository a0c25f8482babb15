import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import { mayIn } from "../../app/viewer.ts";
import { DeskCameraDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { Badge } from "../../ui/status.tsx";
import { Withheld } from "../../ui/withheld.tsx";
import { DetailCard } from "./detail-card.tsx";

/** A camera of the inventory: there is no picture in this system. */
export function CameraCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const set = useView((view) => view.set);
  const county = useView((view) => view.county);
  const { data, error, retry } = useQuery(DeskCameraDocument, { id });
  const camera = data?.camera;
  const close = () => set({ cameraId: undefined });
  if (!camera)
    return (
      <DetailCard title={t("camera.title")} onClose={close}>
        {error ? (
          <ErrorNote error={error} retry={retry} />
        ) : data ? (
          <EmptyNote title={t("camera.gone")} />
        ) : (
          <Skeleton />
        )}
      </DetailCard>
    );
  const yesNo = (value: boolean | null): string =>
    value === null ? t("camera.unknown") : t(value ? "camera.yes" : "camera.no");
  const deviceFacts: readonly (readonly [string, string])[] = [
    [t("camera.owner"), camera.owner?.name ?? t("camera.unknown")],
    [
      t("camera.view"),
      camera.azimuthDeg === null
        ? t("camera.allRound")
        : t("camera.viewText", {
            azimuth: camera.azimuthDeg,
            angle: camera.angleDeg ?? "–",
            range: camera.rangeM ?? "–",
          }),
    ],
    [t("camera.basis"), camera.legalBasis ?? t("camera.unknown")],
    [t("camera.sign"), yesNo(camera.sign)],
    [t("camera.filing"), camera.filingNo ?? t("camera.no")],
    [t("camera.since"), camera.inUseSince ?? t("camera.unknown")],
    [
      t("camera.kept"),
      camera.retentionDays === null ? t("camera.unknown") : t("duration.days", { days: camera.retentionDays }),
    ],
  ];
  const seesDevice = mayIn("camera_device", camera.scopeCode ?? county);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t("camera.code"), camera.deviceCode],
    [t("camera.network"), t(`network.${camera.network.toLowerCase()}`)],
    [t("camera.indoor"), yesNo(camera.indoor)],
    ...(seesDevice ? deviceFacts : [[t("camera.view"), <Withheld key="view" resource="camera_device" />] as const]),
  ];
  return (
    <DetailCard title={camera.name} onClose={close}>
      <div className="detail" data-testid="camera-card">
        {camera.status && (
          <p>
            <Badge
              tone={camera.status === "ONLINE" ? "good" : camera.status === "FAULTY" ? "late" : "idle"}
              sign={camera.status === "ONLINE" ? "●" : camera.status === "FAULTY" ? "▲" : "○"}
            >
              {t(`cameraStatus.${camera.status.toLowerCase()}`)}
            </Badge>
          </p>
        )}
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className="tone-muted">{t("camera.noPicture")}</p>
      </div>
    </DetailCard>
  );
}
