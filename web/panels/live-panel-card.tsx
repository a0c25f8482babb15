import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../app/county-info.ts";
import { ErrorBoundary } from "../app/error-boundary.tsx";
import { useView } from "../app/view-state.ts";
import { Card } from "../ui/card.tsx";
import { Skeleton } from "../ui/notes.tsx";
import "./panels.css";
import { LIVE_PANELS, type LivePanelId } from "./live-registry.ts";
import { periodStart } from "./period.ts";

/** One panel of the server's own figures as a card. */
export function LivePanelCard({ id }: { readonly id: LivePanelId }) {
  const { t } = useTranslation();
  const county = useCurrentCounty();
  const inside = useView((view) => view.area);
  const { title, basis, Body } = LIVE_PANELS[id];
  const asOf = county && Date.parse(county.asOf) / 1000;
  return (
    <Card id={id} title={t(title)} basis={t(basis)} className="panel">
      <ErrorBoundary what={t(title)}>
        {asOf === undefined || !inside ? <Skeleton /> : <Body inside={inside} from={periodStart(asOf)} asOf={asOf} />}
      </ErrorBoundary>
    </Card>
  );
}
