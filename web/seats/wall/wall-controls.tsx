import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import { ownArea, useSeesCases, useViewer } from "../../app/viewer.ts";
import { CountySelect, LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { LayerSwitcher, TimeSlider } from "../../ui/map-parts.tsx";
import { SeatLink } from "../../ui/seat-link.tsx";
import { ViewerMenu } from "../../ui/viewer-menu.tsx";
import { useAlarmSound } from "./alarm-sound.ts";

/** What the wall offers to whoever comes near: gone again after five seconds of rest. */
export function WallControls({ hidden }: { hidden: boolean }) {
  const { t } = useTranslation();
  const county = useView((view) => view.county);
  const drillTo = useView((view) => view.drillTo);
  const viewer = useViewer();
  const sees = useSeesCases();
  const { on: sounds, toggle } = useAlarmSound();
  const own = ownArea(county) ?? county;
  return (
    <div className="wall-controls" data-hidden={hidden} inert={hidden}>
      <div className="wall-bar" role="toolbar" aria-label={t("wall.controls")}>
        <CountySelect />
        <LanguageButton />
        <ThemeButton />
        <button type="button" className="button" onClick={() => drillTo(own)}>
          {t(own === county ? "map.whole" : "map.own")}
        </button>
        {sees && (
          <button type="button" className="button" aria-pressed={sounds} title={t("alarm.soundHint")} onClick={toggle}>
            {t(sounds ? "alarm.soundOn" : "alarm.soundOff")}
          </button>
        )}
        {viewer?.role !== "wall" && <SeatLink to="/desk">{t("seat.desk")}</SeatLink>}
        <ViewerMenu align="start" />
      </div>
      <Suspense fallback={null}>
        <div className="wall-layers">
          <LayerSwitcher />
        </div>
        {sees && (
          <div className="wall-time">
            <TimeSlider />
          </div>
        )}
      </Suspense>
    </div>
  );
}
