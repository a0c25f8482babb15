import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import type { AreaFeature } from "../../data/county-data.ts";
import type { Role } from "../../gql/generated.ts";
import { AreaPicker } from "./area-picker.tsx";
import { ROLE_CHOICES, roleKey } from "./roles.ts";

interface Props {
  readonly county: string;
  readonly areas: readonly AreaFeature[];
  /** Area that is chosen at first. */
  readonly initial?: string;
  /** Absent = no choice of role. */
  readonly roles?: readonly Role[];
}

/** Fields "role" and "area" of a form: the area is chosen on the map or typed as a code. */
export function AreaFields({ county, areas, initial, roles = ROLE_CHOICES }: Props) {
  const { t } = useTranslation();
  const [area, setArea] = useState(initial ?? county);
  return (
    <>
      {roles.length > 0 && (
        <label>
          {t("admin.role")}
          <select name="role" className="select" defaultValue={roles[0]}>
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`role.${roleKey(role)}`)} · {t(`roleSees.${roleKey(role)}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t("admin.area")}
        <input
          name="area"
          required
          value={area}
          onChange={(event) => setArea(event.currentTarget.value.trim())}
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      {county === ROOT_COUNTY ? (
        <p className="tone-muted">{t("admin.map.server")}</p>
      ) : (
        <AreaPicker areas={areas} value={area} onChange={setArea} label={t("admin.area")} />
      )}
    </>
  );
}
