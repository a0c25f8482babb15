import { SEAT_ROUTES } from "../routes/client.ts";

const LONGEST = 500;

/**
 * Is a text an address within the client, with its settings but nothing else: no other host, no scheme, nothing that a
 * browser would read as one (`//host`, `/\host`, tabs in between), no page that is not the client's?
 */
export function isClientPath(path: string): boolean {
  if (path.length > LONGEST || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path)) return false;
  const here = "https://client.invalid";
  if (!URL.canParse(path, here)) return false;
  const { origin, pathname, username } = new URL(path, here);
  return origin === here && username === "" && (SEAT_ROUTES as readonly string[]).includes(pathname);
}
