import { lazy, type ReactNode } from "react";

const Wall = lazy(() => import("../seats/wall/wall.tsx").then((module) => ({ default: module.Wall })));
const Desk = lazy(() => import("../seats/desk/desk.tsx").then((module) => ({ default: module.Desk })));
const Field = lazy(() => import("../seats/field/field.tsx").then((module) => ({ default: module.Field })));
const Plan = lazy(() => import("../seats/plan/plan.tsx").then((module) => ({ default: module.Plan })));
const Layers = lazy(() =>
  import("../seats/plan/layers/layers-page.tsx").then((module) => ({ default: module.LayersPage })),
);
const Print = lazy(() =>
  import("../seats/plan/print/print-page.tsx").then((module) => ({ default: module.PrintPage })),
);
const Admin = lazy(() => import("../seats/admin/admin.tsx").then((module) => ({ default: module.Admin })));
const Account = lazy(() => import("../seats/account/account.tsx").then((module) => ({ default: module.Account })));

/** A page of somebody who signed in. */
export interface PageDefinition {
  /** Key of its title (`seat.<name>`) and value of `data-seat` on the document. */
  readonly name: string;
  /** Does the address hold the view (place, filters, layers …)? */
  readonly view: boolean;
  /** Are changes of place steps that "back" undoes? Not on the wall, which changes by itself. */
  readonly steps: boolean;
  readonly show: () => ReactNode;
}

const ADMIN: PageDefinition = { name: "admin", view: false, steps: false, show: () => <Admin /> };

/** Pages by path. */
export const PAGES: Readonly<Record<string, PageDefinition>> = {
  "/wall": { name: "wall", view: true, steps: false, show: () => <Wall /> },
  "/desk": { name: "desk", view: true, steps: true, show: () => <Desk /> },
  "/plan": { name: "plan", view: true, steps: true, show: () => <Plan /> },
  "/plan/layers": { name: "plan", view: true, steps: true, show: () => <Layers /> },
  "/plan/print": { name: "plan", view: true, steps: true, show: () => <Print /> },
  "/field": { name: "field", view: true, steps: true, show: () => <Field /> },
  "/admin": ADMIN,
  "/admin/users": ADMIN,
  "/admin/tokens": ADMIN,
  "/admin/kiosks": ADMIN,
  "/admin/audit": ADMIN,
  "/admin/workflows": ADMIN,
  "/admin/import": ADMIN,
  "/admin/basemap": ADMIN,
  "/admin/health": ADMIN,
  "/admin/move": ADMIN,
  "/account": { name: "account", view: false, steps: false, show: () => <Account /> },
};
