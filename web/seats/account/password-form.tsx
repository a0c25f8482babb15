import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  brokenPasswordRules,
  PASSWORD_MAX,
  PASSWORD_MIN,
  PASSWORD_RULES,
} from "../../../data/policy/password-rules.ts";
import { changePassword } from "../../app/session.ts";
import { PasswordField } from "../../ui/field.tsx";
import { Badge } from "../../ui/status.tsx";
import { useSubmit } from "../../ui/use-submit.ts";

/** Each rule with whether what is typed meets it; the sign says it without the colour. */
function Rules({ password, login }: { password: string; login: string }) {
  const { t } = useTranslation();
  const broken = brokenPasswordRules(password, login);
  return (
    <ul className="password-rules" aria-label={t("password.rules")}>
      {PASSWORD_RULES.map((rule) => {
        // An empty field breaks nothing yet that one could see, and meets nothing.
        const met = password !== "" && !broken.includes(rule);
        return (
          <li key={rule} data-rule={rule} data-met={met}>
            <Badge tone={met ? "good" : "muted"} sign={met ? "✓" : "○"}>
              {t(`password.rule.${rule}`, { min: PASSWORD_MIN, max: PASSWORD_MAX })}
            </Badge>
          </li>
        );
      })}
    </ul>
  );
}

interface Props {
  readonly login: string;
  readonly first: boolean;
  readonly byLink: boolean;
  readonly onChanged: () => void;
}

/**
 * Changes one's own password. Rules are shown while typing; the server says the last word.
 *
 * @param first the password was given by somebody else: nothing else is allowed before it is changed
 * @param byLink a one-time link opened the session: it is the proof, there is no present password
 * @param onChanged after the server took the new one
 */
export function PasswordForm({ login, first, byLink, onChanged }: Props) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [repeat, setRepeat] = useState("");
  const [done, setDone] = useState(false);
  const { busy, error, onSubmit } = useSubmit();
  const differs = repeat !== "" && repeat !== next;
  const ready =
    (byLink || current !== "") && next === repeat && next !== "" && brokenPasswordRules(next, login).length === 0;
  return (
    <form
      className="password-form"
      onSubmit={onSubmit(async () => {
        setDone(false);
        await changePassword(current, next);
        setCurrent("");
        setNext("");
        setRepeat("");
        setDone(true);
        onChanged();
      })}
    >
      {/* Tells password managers whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      {!byLink && (
        <PasswordField
          label={t(first ? "password.first" : "password.current")}
          name="current"
          autoComplete="current-password"
          required
          autoFocus={first}
          value={current}
          onValue={setCurrent}
        />
      )}
      <PasswordField
        label={t("password.next")}
        name="next"
        autoComplete="new-password"
        required
        value={next}
        onValue={setNext}
        note={<Rules password={next} login={login} />}
      />
      <PasswordField
        label={t("password.repeat")}
        name="repeat"
        autoComplete="new-password"
        required
        aria-invalid={differs}
        value={repeat}
        onValue={setRepeat}
        note={differs && <p className="tone-late">{t("password.differs")}</p>}
      />
      <div role="alert" className="form-error">
        {error}
      </div>
      <p role="status" className="tone-good">
        {done && t("password.done")}
      </p>
      <button type="submit" className="button primary" disabled={busy || !ready}>
        {t("password.change")}
      </button>
      <p className="tone-muted">{t("password.advice")}</p>
    </form>
  );
}
