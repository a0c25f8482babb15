import type { Browser } from "playwright-core";
import { exifSegment } from "./small-photos.ts";

/** What a camera writes beside the picture, and nobody must see. */
export const PHOTO_SECRET = "GPS 40.0123N 112.7045E";

/**
 * A true photo of a browser, larger than what is kept, with its place in it. Drawn, not taken of the screen: a browser with
 * much to do refuses to capture a page now and then.
 */
export async function photoWithPlace(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1600, 1200];
    const context = canvas.getContext("2d");
    if (!context) return "";
    const sky = context.createLinearGradient(0, 0, 0, 1200);
    sky.addColorStop(0, "#8ac");
    sky.addColorStop(0.6, "#676");
    sky.addColorStop(1, "#444");
    context.fillStyle = sky;
    context.fillRect(0, 0, 1600, 1200);
    context.fillStyle = "#e8c39e";
    context.beginPath();
    context.ellipse(400, 420, 100, 120, 0, 0, 2 * Math.PI);
    context.fill();
    return canvas.toDataURL("image/jpeg", 0.9);
  });
  await page.close();
  const picture = Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
  return Buffer.concat([picture.subarray(0, 2), Buffer.from(exifSegment(PHOTO_SECRET)), picture.subarray(2)]);
}
