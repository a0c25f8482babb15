import { type ReactNode, useEffect, useRef } from "react";

/** A button with choices under it; closes on Escape and on a click elsewhere. */
export function Popover({
  title,
  active = false,
  align = "start",
  children,
}: {
  title: ReactNode;
  /** Marks the button: a choice under it is in force. */
  active?: boolean;
  /** Edge of the button that the box keeps to. */
  align?: "start" | "end";
  children: ReactNode;
}) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const details = box.current;
      if (!details?.open) return;
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !details.contains(event.target as Node)) {
        const inside = details.contains(document.activeElement);
        details.open = false;
        if (inside && event instanceof KeyboardEvent) details.querySelector("summary")?.focus();
      }
    };
    addEventListener("pointerdown", close);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("keydown", close);
    };
  }, []);
  return (
    <details ref={box} className="popover" data-align={align}>
      <summary className="button" data-active={active}>
        {title}
      </summary>
      <div className="popover-body">{children}</div>
    </details>
  );
}
