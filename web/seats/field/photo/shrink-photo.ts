import { MAX_PHOTO_BYTES, MAX_PHOTO_SIDE } from "../../../../data/photo/limits.ts";

/** Qualities to try, best first, until the picture is small enough. */
const QUALITIES = [0.82, 0.7, 0.55, 0.4];

/** The browser cannot read the file as a picture. */
export class UnreadablePhoto extends Error {
  override readonly name = "UnreadablePhoto";
}

/**
 * Draws a file as a picture of at most `MAX_PHOTO_SIDE` pixels, turned as the camera says. What is drawn has pixels only:
 * place, time, device and previews stay behind.
 *
 * @throws UnreadablePhoto for what is no picture to this browser
 */
export async function photoCanvas(file: Blob): Promise<HTMLCanvasElement> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new UnreadablePhoto();
  });
  const scale = Math.min(1, MAX_PHOTO_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new UnreadablePhoto();
  // A picture with transparency has something behind it.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas;
}

const encoded = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> =>
  new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

/** The canvas as a JPEG file that the server takes. @throws UnreadablePhoto when none is small enough */
export async function photoFile(canvas: HTMLCanvasElement): Promise<Blob> {
  for (const quality of QUALITIES) {
    const file = await encoded(canvas, quality);
    if (file && file.size <= MAX_PHOTO_BYTES) return file;
  }
  throw new UnreadablePhoto();
}
