import { useId } from "react";
import { useTranslation } from "react-i18next";
import { textFault } from "./step-options.ts";

/** A line of free text that is screened while it is written: what must not stand in it is said at the field. */
export function TextField({
  label,
  value,
  onValue,
  required = false,
  hint,
  maxLength = 500,
  autoFocus = false,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  required?: boolean;
  hint?: string | undefined;
  maxLength?: number;
  autoFocus?: boolean;
}) {
  const { i18n } = useTranslation();
  const id = useId();
  const fault = textFault(value);
  const said = fault && (i18n.language === "en" ? fault.en : fault.zh);
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      <input
        id={id}
        value={value}
        required={required}
        maxLength={maxLength}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: a dialog that somebody opened to write begins where one writes
        autoFocus={autoFocus}
        aria-invalid={!!said}
        aria-describedby={said || hint ? `${id}-note` : undefined}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
      {(said || hint) && (
        <div
          id={`${id}-note`}
          className={said ? "field-note tone-late" : "field-note"}
          role={said ? "alert" : undefined}
        >
          {said ?? hint}
        </div>
      )}
    </div>
  );
}
