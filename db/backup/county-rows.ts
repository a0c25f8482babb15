const NEWLINE = 10;

/**
 * Rows of one county out of those of all, in COPY's text format.
 *
 * @param pieces each a number of whole rows
 * @param column place of the column that names the county, from 0
 * @param county six digits
 */
export async function* rowsOfCounty(
  pieces: AsyncIterable<Uint8Array>,
  column: number,
  county: string,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const kept: Buffer[] = [];
    for (let from = 0, end = 0; from < bytes.length; from = end) {
      end = bytes.indexOf(NEWLINE, from) + 1 || bytes.length;
      const line = bytes.subarray(from, end);
      if (
        line
          .toString("utf8")
          .replace(/\n$/, "")
          .split("\t", column + 1)[column] === county
      )
        kept.push(line);
    }
    if (kept.length > 0) yield Buffer.concat(kept);
  }
}
