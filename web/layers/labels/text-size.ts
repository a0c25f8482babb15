/** Width of a character in ems: Han and full-width signs fill their square, the rest is a little over half of it. */
const advance = (character: string): number => ((character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.56);

/**
 * Width of one line of text, close enough to keep room for it where it cannot be measured.
 *
 * @param size height of the type in pixels; the answer has the same unit
 * @param maxEms where the line would break
 */
export function textWidth(text: string, size: number, maxEms = Number.POSITIVE_INFINITY): number {
  let ems = 0;
  for (const character of text) ems += advance(character);
  return Math.min(ems, maxEms) * size;
}
