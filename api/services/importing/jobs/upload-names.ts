import { join } from "node:path";
import { userError } from "../../../../data/model/errors.ts";

/** Bytes of a name in UTF-8: what common file systems take, less our own ending. */
const MAX_NAME_BYTES = 200;
const UPLOAD_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Separators of folders, what Windows forbids, and what nobody sees. */
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Names that Windows keeps for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Ending of a file that has not come whole. */
export const PARTIAL = ".part";

/** @throws USER error for what is no id of an upload */
export function requireUploadId(upload: string): string {
  if (UPLOAD_ID.test(upload)) return upload;
  throw userError("this is not the id of an upload", {
    at: "upload",
    hint: "A UUID in lower case, made by the sender.",
  });
}

/**
 * The name that a file is kept under: its own, where it names a file and nothing else.
 *
 * @throws USER error for a path, a hidden file, a device, or a name that is too long
 */
export function requireFileName(name: string): string {
  const text = name.normalize("NFC").trim();
  const fault = (what: string): Error =>
    userError(`"${text.slice(0, 80)}" ${what}`, { at: "name", hint: "Send the file's own name, without folders." });
  if (text === "") throw fault("is no name of a file");
  if (FORBIDDEN.test(text) || text.startsWith(".") || text.endsWith(".") || DEVICE.test(text))
    throw fault("cannot be the name of a file here");
  if (text.toLowerCase().endsWith(PARTIAL)) throw fault("ends like a file that has not come whole");
  if (Buffer.byteLength(text) > MAX_NAME_BYTES) throw fault("is too long for the name of a file");
  return text;
}

/** Folder of an upload. Both parts are checked before: they come from a request. */
export function uploadFolder(dir: string, county: string, upload: string): string {
  if (!/^\d{6}$/.test(county)) throw userError(`"${county}" is not the code of a county`, { at: "county" });
  return join(dir, "uploads", county, requireUploadId(upload));
}
