import { useTranslation } from "react-i18next";
import { accountAddress } from "../app/destination.ts";
import { Link } from "../app/router.tsx";
import { signOut, switchGrant } from "../app/session.ts";
import type { ViewerGrant } from "../app/session-answer.ts";
import { useViewer } from "../app/viewer.ts";
import { Popover } from "./popover.tsx";
import { useSubmit } from "./use-submit.ts";
import { toggleVisitorMode, VISITOR_KEY } from "./visitor-mode.tsx";
import "./viewer-menu.css";

/** True for the grant that the session acts under. */
export const isCurrent = (grant: ViewerGrant, viewer: { role: string | null; areaCode: string | null }): boolean =>
  grant.role === viewer.role && grant.areaCode === viewer.areaCode;

/** Who sits here, and what they can do about it: act under another grant, visitor mode, account, sign out. */
export function ViewerMenu({ align = "end" }: { align?: "start" | "end" }) {
  const { t } = useTranslation();
  const viewer = useViewer();
  const { busy, error, run } = useSubmit();
  // A kiosk has nobody to greet and nothing to choose.
  if (viewer?.kind !== "account") return null;
  const role = viewer.role && t(`role.${viewer.role}`);
  const others = viewer.grants.filter((grant) => !isCurrent(grant, viewer));
  return (
    <Popover
      align={align}
      title={
        <span className="viewer-name">
          <span className="viewer-who">{viewer.name}</span>
          {role && <span className="tone-muted viewer-role">{role}</span>}
        </span>
      }
    >
      <div className="viewer-menu" data-testid="viewer-menu">
        <p>
          <strong>{viewer.name}</strong>
          {viewer.demo && <span className="demo-badge">{t("signIn.demoBadge")}</span>}
          <br />
          <span className="tone-muted">{role ? `${role} · ${viewer.areaName}` : t("viewer.noGrant")}</span>
        </p>
        {others.length > 0 && (
          <ul aria-label={t("viewer.switch")}>
            {others.map((grant) => (
              <li key={grant.id}>
                <button
                  type="button"
                  className="button"
                  disabled={busy}
                  onClick={() => void run(() => switchGrant(grant.id))}
                >
                  {t("viewer.actAs", { role: t(`role.${grant.role}`), area: grant.areaName })}
                </button>
              </li>
            ))}
          </ul>
        )}
        {error && (
          <p role="alert" className="tone-late">
            {error}
          </p>
        )}
        <button type="button" className="button" aria-keyshortcuts={VISITOR_KEY} onClick={toggleVisitorMode}>
          {t(viewer.visitor ? "visitor.leave" : "visitor.enter")} <kbd>{VISITOR_KEY.toUpperCase()}</kbd>
        </button>
        <Link className="button" to={accountAddress(location.pathname + location.search)}>
          {t("seat.account")}
        </Link>
        <button type="button" className="button" disabled={busy} onClick={() => void run(() => signOut())}>
          {t("viewer.signOut")}
        </button>
      </div>
    </Popover>
  );
}
