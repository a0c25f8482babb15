import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";

/** Told when this module itself changes the address (the browser tells only of back and forward). */
const MOVED = "jingwei:moved";

/** Goes to another page of the client without a reload. */
export function navigate(address: string, how: "push" | "replace" = "push"): void {
  if (address === location.pathname + location.search) return;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  dispatchEvent(new Event(MOVED));
}

/** Calls back after every change of the address; returns the function that stops it. */
export function onMoved(callback: () => void): () => void {
  addEventListener("popstate", callback);
  addEventListener(MOVED, callback);
  return () => {
    removeEventListener("popstate", callback);
    removeEventListener(MOVED, callback);
  };
}

/** Path of the page without a slash at the end. */
export const usePath = (): string => useSyncExternalStore(onMoved, () => location.pathname.replace(/\/+$/, "") || "/");

/** A link inside the client; modified clicks open tabs as anywhere else. */
export function Link({ to, className, children }: { to: string; className?: string; children: ReactNode }) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} className={className} onClick={follow}>
      {children}
    </a>
  );
}
