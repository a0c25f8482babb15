import type { ReactNode } from "react";
import { Link } from "../app/router.tsx";
import { formatView } from "../app/url-state.ts";
import { useView } from "../app/view-state.ts";

/** A way to another seat with what is on screen here: the only part of a page's head that every filter concerns. */
export function SeatLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  const view = useView();
  return (
    <Link className="button" to={`${to}${formatView(view)}`}>
      {children}
    </Link>
  );
}
