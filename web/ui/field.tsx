import { type ComponentProps, type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props extends Omit<ComponentProps<"input">, "onChange" | "value"> {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Under the input: what is asked for, or what is wrong. */
  readonly note?: ReactNode;
}

/** A labelled line of input; the note under it is read out with it. */
export function Field({ label, value, onValue, note, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        value={value}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
      {note && (
        <div id={`${id}-note`} className="field-note">
          {note}
        </div>
      )}
    </div>
  );
}

/** A password: can be shown, and says when caps lock is on. */
export function PasswordField({ label, value, onValue, note, ...input }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-password">
        <input
          {...input}
          id={id}
          type={shown ? "text" : "password"}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          value={value}
          aria-describedby={`${id}-note`}
          onChange={(event) => onValue(event.currentTarget.value)}
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCapsLock(false)}
        />
        <button
          type="button"
          className="button"
          aria-pressed={shown}
          aria-label={t("password.showLong")}
          onClick={() => setShown(!shown)}
        >
          {t("password.show")}
        </button>
      </div>
      <div id={`${id}-note`} className="field-note" aria-live="polite">
        {capsLock && <p className="tone-soon">{t("password.capsLock")}</p>}
        {note}
      </div>
    </div>
  );
}
