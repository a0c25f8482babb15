/**
 * Leaves out what a name repeats of the names above it: 东延路社区 › 东延路社区第一网格 reads 东延路社区 › 第一网格.
 *
 * @param names from the top down
 */
export const shortPath = (names: readonly string[]): string[] =>
  names.map((name, index) => {
    const above = names[index - 1];
    return above && name !== above && name.startsWith(above) ? name.slice(above.length).trim() : name;
  });
