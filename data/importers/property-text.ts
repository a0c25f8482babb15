/** Text of a property as a person would type it; undefined for an absent, empty or nested value. */
export function propertyText(
  properties: Readonly<Record<string, unknown>>,
  key: string | undefined,
): string | undefined {
  if (key === undefined) return undefined;
  const value = properties[key];
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  return value.trim() === "" ? undefined : value.trim();
}
