/**
 * What every request to the server carries and hears, below GraphQL and columns alike: the token against cross-site
 * requests, and the news that nobody is signed in any more.
 */

/** Header that unsafe methods need beside the cookie (docs/need-to-know.md, HTTP). */
const CSRF_HEADER = "x-jingwei-csrf";

let token: string | null = null;

/** Keeps the token of the session; null when nobody is signed in. */
export const rememberCsrf = (value: string | null): void => {
  token = value;
};

/** Headers of a request by an unsafe method. */
export const csrfHeaders = (): Record<string, string> => (token === null ? {} : { [CSRF_HEADER]: token });

let whenUnauthenticated: () => void = () => undefined;

/** Names who is told when the server answers that nobody is signed in. */
export const onUnauthenticated = (callback: () => void): void => {
  whenUnauthenticated = callback;
};

/** The server answered 401 to a request that was not a sign-in. */
export const reportUnauthenticated = (): void => whenUnauthenticated();
