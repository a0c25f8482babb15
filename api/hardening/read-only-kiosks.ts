import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError, OperationTypeNode } from "graphql";
import { AppError } from "../../data/model/errors.ts";
import type { RequestContext } from "../context.ts";

/** A wall stands where anybody can reach it: its device writes nothing, whatever a mutation would ask of its role. */
export const readOnlyKiosksPlugin = (): ApolloServerPlugin<RequestContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, operation }) => {
      if (contextValue.viewer?.kind !== "kiosk" || operation?.operation !== OperationTypeNode.MUTATION) return;
      const error = new AppError("USER", "a wall only reads", {
        code: "FORBIDDEN",
        at: "mutation",
        hint: "Sign in at /account on another device.",
      });
      throw new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 403 } } });
    },
  }),
});
