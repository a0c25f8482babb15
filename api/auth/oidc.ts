import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { z } from "zod";
import { AppError } from "../../data/model/errors.ts";
import type { Config } from "../config.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";
import type { Sealer } from "../seal/sealer.ts";

/** What a sign-in that was begun must still know when the provider sends the browser back. */
const attemptSchema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Client path to go on to. */
  to: z.string(),
  /** Epoch ms. */
  begunAt: z.number(),
});
type Attempt = z.infer<typeof attemptSchema>;

/** What a sealed attempt is about: it opens as nothing else. */
const ABOUT = "oidc attempt";
const sealed = (sealer: Sealer, attempt: Attempt): string =>
  Buffer.from(sealer.seal(JSON.stringify(attempt), ABOUT)).toString("base64url");

/** Undefined when a browser brings what was not sealed here. */
function opened(sealer: Sealer, kept: string): Attempt | undefined {
  try {
    return attemptSchema.parse(JSON.parse(sealer.open(Buffer.from(kept, "base64url"), ABOUT)));
  } catch {
    return undefined;
  }
}

/** How long somebody may take at the provider. */
export const ATTEMPT_MS = 10 * 60_000;
const TIMEOUT_S = 10;
/** `profile` and `email` for the name that links an account at its first sign-in. */
const SCOPE = "openid profile email";

/** Whom the provider vouches for. */
export interface ProvidedIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Login names that the provider gives: asked for only where no account is linked yet. */
  readonly loginNames: () => Promise<readonly string[]>;
}

/** An identity provider; nothing is asked of it before somebody signs in. */
export interface OidcProvider {
  /** @returns where to send the browser, and what it keeps until it comes back */
  begin(redirectUri: string, to: string, nowMs: number): Promise<{ readonly url: string; readonly kept: string }>;
  /** @param kept what `begin` gave the browser @param url full address that the provider sent the browser to */
  finish(
    kept: string | undefined,
    url: URL,
    nowMs: number,
  ): Promise<{ readonly identity: ProvidedIdentity; readonly to: string }>;
}

const unreachable = (issuer: string, cause: unknown): RefusedRequest =>
  new RefusedRequest(
    502,
    `统一身份认证暂时无法连接 the identity provider ${new URL(issuer).host} does not answer as one`,
    "Try again later, or sign in with a password. An administrator: check OIDC_ISSUER and the network from the server to it.",
    { at: "OIDC_ISSUER", cause },
  );

/** One sentence for every way in which an answer of the provider can be wrong: what exactly is for the log. */
const notValid = (cause?: unknown): AppError =>
  new AppError("USER", "此次登录无效或已过期 this sign-in is not valid or took too long", {
    code: "UNAUTHENTICATED",
    at: "oidc",
    hint: "Start again from the sign-in page.",
    cause,
  });

const refusedThere = (error: AuthorizationResponseError): AppError =>
  new AppError("USER", `身份认证方拒绝登录 the identity provider refused: ${error.error}`, {
    code: "UNAUTHENTICATED",
    at: "oidc",
    hint: "Start again from the sign-in page.",
    cause: error,
  });

/** Login names of the provider's claims: the preferred user name, and what stands before the @ of a confirmed address. */
function namesOf(claims: Readonly<Record<string, unknown>>): string[] {
  const { preferred_username: preferred, email, email_verified: verified } = claims;
  const local = typeof email === "string" && verified === true ? email.split("@")[0] : undefined;
  return [preferred, local].flatMap((name) => (typeof name === "string" && name !== "" ? [name.toLowerCase()] : []));
}

/** Was a connection at fault rather than what came over it? */
const isNetworkFault = (error: unknown): boolean =>
  error instanceof Error &&
  ("cause" in error || error.name === "TimeoutError") &&
  /fetch failed|time/i.test(error.message);

/**
 * Signs in by an OpenID provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0 section 3.1,
 * RFC 7636, RFC 9700). What belongs to an attempt is sealed in the browser's cookie, so that any process can finish it and
 * no other browser can.
 */
export function oidcProvider(settings: NonNullable<Config["oidc"]>, sealer: Sealer): OidcProvider {
  const { issuer, clientId, clientSecret } = settings;
  let discovered: Promise<Configuration> | undefined;

  async function discover(): Promise<Configuration> {
    // Over http only from this machine to itself (checked with the environment).
    const execute = issuer.startsWith("http:") ? [allowInsecureRequests] : [];
    const found = await discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_S });
    const metadata = found.serverMetadata();
    // The default of a provider that says nothing is `client_secret_basic` (OpenID Connect Discovery 1.0 section 3).
    if (metadata.token_endpoint_auth_methods_supported?.includes("client_secret_post")) return found;
    const basic = new Configuration(metadata, clientId, clientSecret, ClientSecretBasic(clientSecret));
    basic.timeout = TIMEOUT_S;
    for (const prepare of execute) prepare(basic);
    return basic;
  }
  async function configuration(): Promise<Configuration> {
    discovered ??= discover();
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw unreachable(issuer, error);
    }
  }
  function attemptOf(kept: string | undefined, nowMs: number): Attempt {
    const attempt = kept === undefined ? undefined : opened(sealer, kept);
    if (!attempt || nowMs - attempt.begunAt > ATTEMPT_MS) throw notValid();
    return attempt;
  }

  return {
    async begin(redirectUri, to, nowMs) {
      const config = await configuration();
      const attempt: Attempt = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
        to,
        begunAt: nowMs,
      };
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, kept: sealed(sealer, attempt) };
    },
    async finish(kept, url, nowMs) {
      const { state, nonce, verifier, to } = attemptOf(kept, nowMs);
      const config = await configuration();
      const tokens = await authorizationCodeGrant(config, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      }).catch((error: unknown) => {
        if (error instanceof AuthorizationResponseError) throw refusedThere(error);
        throw isNetworkFault(error) ? unreachable(issuer, error) : notValid(error);
      });
      const claims = tokens.claims();
      if (!claims) throw notValid();
      const loginNames = async (): Promise<readonly string[]> => {
        const info = config.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(config, tokens.access_token, claims.sub).catch((error: unknown) => {
              throw unreachable(issuer, error);
            })
          : {};
        return [...new Set(namesOf({ ...claims, ...info }))];
      };
      return { identity: { issuer: claims.iss, subject: claims.sub, loginNames }, to };
    },
  };
}
