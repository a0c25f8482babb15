import { DEMO_SLUGS, type DemoSlug } from "../../data/demo/profile.ts";

export const isDemoSlug = (text: string): text is DemoSlug => (DEMO_SLUGS as readonly string[]).includes(text);

/** Words of `--demo` and `demo add`: one slug or all of them; undefined for any other word. */
export function demoSlugs(text: string): readonly DemoSlug[] | undefined {
  if (text === "all") return DEMO_SLUGS;
  return isDemoSlug(text) ? [text] : undefined;
}
