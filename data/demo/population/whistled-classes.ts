/**
 * Which item of the county's list (`data/workflow/whistle-items.ts`) demo cases of a class are whistled for: class codes, or
 * their first digits. Our choice, like the items.
 */
const CLASSES_OF_ITEM: Readonly<Record<string, readonly string[]>> = {
  "fire-lane": ["09012", "82004"],
  gas: ["82002"],
  power: ["10002", "81003"],
  manhole: ["01001", "82006"],
  "snow-ice": ["10001"],
  burning: ["06020"],
  garbage: ["06010", "06012", "06014", "06042"],
  noise: ["06028", "06029", "08001"],
  "street-trade": ["09001", "09005", "09006"],
  parking: ["09009", "09010", "09019"],
  "site-dust": ["08004"],
  leaflets: ["07001", "07003"],
  service: ["81007", "81008"],
  clutter: ["06011", "06036", "06040"],
  greenery: ["06017", "06045"],
  "oil-fumes": ["06027"],
  river: ["06025", "06026"],
  "illegal-building": ["06001", "82005"],
  "road-mending": ["06013", "06051", "08003", "81002"],
  facilities: ["01054", "01065", "01077", "81004", "81005"],
  utilities: ["81001"],
  "fire-safety": ["82001", "82003", "82007"],
  dispute: ["80"],
  enterprise: ["83", "81006"],
};

/** Key of the item for a class; `other` for what has none of its own. */
export const itemOfClass = (classCode: string): string =>
  Object.entries(CLASSES_OF_ITEM).find(([, codes]) => codes.some((code) => classCode.startsWith(code)))?.[0] ?? "other";
