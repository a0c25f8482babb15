import { useTranslation } from "react-i18next";
import type { Resource } from "../../data/policy/policy.ts";
import { may, viewerNow } from "../app/viewer.ts";

/** Stands where the server left a value out, and says why: visitor mode, the role, or a place outside one's area. */
export function Withheld({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const why = t(viewerNow()?.visitor ? "withheld.visitor" : may(resource) ? "withheld.area" : "withheld.role");
  return (
    <span className="tone-muted" title={why}>
      <span aria-hidden="true">—</span>
      <span className="sr-only">{why}</span>
    </span>
  );
}
