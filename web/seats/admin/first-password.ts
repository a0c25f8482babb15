import type { CreateAccountMutation } from "../../gql/generated.ts";
import type { Secret } from "./dialogs.tsx";

/** The first password of an account that was just made or reset, to be handed over. */
export const firstPassword = (
  t: (key: string, values?: Record<string, string>) => string,
  made: CreateAccountMutation["createAccount"],
): Secret => ({
  title: t("admin.users.firstPassword", { name: made.account.name }),
  explanation: t("admin.users.firstPasswordHint", { login: made.account.login }),
  text: made.firstPassword,
});
