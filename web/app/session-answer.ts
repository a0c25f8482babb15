import type { Action, Resource } from "../../data/policy/policy.ts";
import { isRole, type Role } from "../../data/policy/roles.ts";

/** One role on one area that the account holds. */
export interface ViewerGrant {
  /** Global id: what POST /auth/grant takes. */
  readonly id: string;
  readonly role: Role;
  /** County of the area; `000000` for every county. */
  readonly county: string;
  readonly areaCode: string;
  readonly areaName: string;
}

/** Who sits at this screen, as GET /auth/session says it. */
export interface ClientViewer {
  readonly kind: "account" | "token" | "kiosk";
  /** Global id of the account, token or kiosk link. */
  readonly id: string;
  readonly name: string;
  readonly login: string | null;
  /** Role that is acted under; null while the account has no grant. */
  readonly role: Role | null;
  /** County of the grant; `000000` for every county. */
  readonly county: string | null;
  readonly areaCode: string | null;
  readonly areaName: string | null;
  /** Only aggregates (参观模式). */
  readonly visitor: boolean;
  /** Days of points that a kiosk gets; null without a limit. */
  readonly pointDays: number | null;
  readonly mustChangePassword: boolean;
  readonly demo: boolean;
  readonly grants: readonly ViewerGrant[];
  readonly resources: readonly Resource[];
  readonly actions: readonly Action[];
}

/** A demo account that may be entered with one click. */
export interface DemoAccount {
  readonly seat: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly areaName: string;
}

/** The ways in that the server offers. */
export interface SignInMethods {
  readonly password: boolean;
  readonly oidc: { readonly name: string } | null;
  readonly demo: readonly DemoAccount[];
}

/** Body of GET /auth/session and of every change of the session (docs/need-to-know.md, HTTP). */
export interface SessionAnswer {
  readonly viewer: ClientViewer | null;
  readonly csrf: string | null;
  readonly methods: SignInMethods;
  /** False on plain HTTP. */
  readonly secure: boolean;
  /** Why nobody can sign in here, e.g. a LAN address without TLS; null = one can. */
  readonly refusal: string | null;
  /** The server's clock, epoch ms. */
  readonly now: number;
}

/** Roles travel as the SDL writes them (GRID_WORKER) or as the policy does (grid_worker). */
const roleOf = (text: unknown): Role | null => {
  const word = typeof text === "string" ? text.toLowerCase() : "";
  return isRole(word) ? word : null;
};

type Loose<T> = { readonly [Key in keyof T]?: unknown };

/** The answer with its roles in the policy's words; entries with a role unknown to this client are left out. */
export function sessionAnswer(body: unknown): SessionAnswer {
  const loose = body as Loose<SessionAnswer>;
  const viewer = (loose.viewer ?? null) as ClientViewer | null;
  const methods = (loose.methods ?? {}) as Loose<SignInMethods>;
  const known = <T extends { readonly role: Role }>(list: unknown): T[] =>
    ((list ?? []) as T[]).flatMap((entry) => {
      const role = roleOf(entry.role);
      return role ? [{ ...entry, role }] : [];
    });
  return {
    viewer: viewer && {
      ...viewer,
      role: roleOf(viewer.role),
      grants: known<ViewerGrant>(viewer.grants),
      resources: viewer.resources ?? [],
      actions: viewer.actions ?? [],
    },
    csrf: (loose.csrf ?? null) as string | null,
    methods: {
      password: methods.password !== false,
      oidc: (methods.oidc ?? null) as SignInMethods["oidc"],
      demo: known<DemoAccount>(methods.demo),
    },
    secure: loose.secure === true,
    refusal: (loose.refusal ?? null) as string | null,
    now: Number(loose.now ?? Number.NaN),
  };
}
