import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type JWK } from "oidc-provider";

/** What the provider says of somebody, by the name they type at it. */
export type ProviderClaims = Readonly<Record<string, string | boolean>>;

export interface OpenIdProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How many requests it got. */
  requests(): number;
  /** Claims by subject; a subject that is not here has none but its number. */
  readonly people: Map<string, ProviderClaims>;
  /**
   * Signs in as a browser would: from the address that the server sent it to, through the provider's forms, to the address
   * that the provider sends it back to.
   */
  signIn(authorizationUrl: string, subject: string): Promise<URL>;
  close(): Promise<void>;
}

const CLIENT = { clientId: "jingwei", clientSecret: "a secret of the county's provider" } as const;

/** A key of its own for each run: the library's built-in one warns. */
function signingKey(): JWK {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "test" } as JWK;
}

/**
 * A real OpenID provider on the loopback interface.
 *
 * @param redirectUri where it may send browsers back to
 * @param port 0 = any free one
 */
export async function startOpenIdProvider(redirectUri: string, port = 0): Promise<OpenIdProvider> {
  let count = 0;
  let answer: ReturnType<Provider["callback"]> | undefined;
  const server: Server = createServer((request, response) => {
    count++;
    void answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = new Map<string, ProviderClaims>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: ["a key of the test"] },
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people.get(id) }),
    }),
  });
  answer = provider.callback();
  return {
    ...CLIENT,
    issuer,
    people,
    requests: () => count,
    signIn: (url, subject) => browse(url, subject, issuer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Follows the provider's pages and fills in its forms until it sends the browser elsewhere. */
async function browse(start: string, subject: string, issuer: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 12; step++) {
    if (url.origin !== issuer) return url;
    const response = await fetch(url, {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form ? { body: form } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    form = undefined;
    const location = response.headers.get("location");
    if (location) {
      url = new URL(location, url);
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(login|consent)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`The provider answered ${response.status}: ${page.slice(0, 2_000)}`);
    url = new URL(action, url);
    form = new URLSearchParams({ prompt, ...(prompt === "login" ? { login: subject, password: "x" } : {}) });
  }
  throw new Error("The provider sent the browser round in circles");
}
