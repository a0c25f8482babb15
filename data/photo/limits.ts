/** Largest picture that is taken, bytes: a legible photo of 1280 px needs a quarter to a half of it. */
export const MAX_PHOTO_BYTES = 400 * 1024;

/** Longest side of a picture, pixels; the sender makes it smaller before it is sent. */
export const MAX_PHOTO_SIDE = 1280;

/** Pictures of one case. */
export const MAX_PHOTOS_PER_CASE = 6;

/** Media types that are taken. */
export const PHOTO_TYPES = ["image/jpeg", "image/webp"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];
