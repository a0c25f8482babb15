import { userError } from "../model/errors.ts";
import { MAX_PHOTO_BYTES, MAX_PHOTO_SIDE, type PhotoType } from "./limits.ts";
import { type StrippedImage, stripJpeg } from "./strip-jpeg.ts";
import { stripWebp } from "./strip-webp.ts";

/** A picture as it is kept. */
export interface StrippedPhoto extends StrippedImage {
  /** What its bytes are, whatever the sender called them. */
  readonly type: PhotoType;
}

/** The picture of a file, without anything beside it. @throws BAD_USER_INPUT that says what is wrong with the file */
export function stripPhoto(file: Uint8Array): StrippedPhoto {
  if (file.length > MAX_PHOTO_BYTES)
    throw userError(`the photo has ${file.length} bytes`, {
      at: "body",
      hint: `At most ${MAX_PHOTO_BYTES}: make it smaller before you send it.`,
    });
  const photo = strip(file);
  if (Math.max(photo.width, photo.height) > MAX_PHOTO_SIDE)
    throw userError(`the photo has ${photo.width} × ${photo.height} pixels`, {
      at: "body",
      hint: `At most ${MAX_PHOTO_SIDE} on the longer side: make it smaller before you send it.`,
    });
  return photo;
}

function strip(file: Uint8Array): StrippedPhoto {
  if (file[0] === 0xff && file[1] === 0xd8) return { type: "image/jpeg", ...stripJpeg(file) };
  if (file[0] === 0x52 && file[1] === 0x49) return { type: "image/webp", ...stripWebp(file) };
  throw userError("this is neither a JPEG nor a WebP file", {
    at: "body",
    hint: "Send a photo as image/jpeg or image/webp.",
  });
}
