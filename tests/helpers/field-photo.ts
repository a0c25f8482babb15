import type { Browser } from "playwright-core";
import { exifSegment } from "./small-photos.ts";

/** What a camera writes beside the picture, and nobody must see. */
export const PHOTO_SECRET = "GPS 40.0123N 112.7045E";

/** A true photo of a browser, larger than what is kept, with its place in it. */
export async function photoWithPlace(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
  await page.setContent(
    '<body style="margin:0;background:linear-gradient(#8ac,#676 60%,#444)"><div style="margin:300px;width:200px;height:240px;border-radius:50%;background:#e8c39e"></div></body>',
  );
  const picture = await page.screenshot({ type: "jpeg", quality: 90 });
  await page.close();
  return Buffer.concat([picture.subarray(0, 2), Buffer.from(exifSegment(PHOTO_SECRET)), picture.subarray(2)]);
}
