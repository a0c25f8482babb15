/** TEMPORARY until data/policy/free-text.ts lands. */
export const requireCleanText = (text: string, _at: string): string => text;
