/** What tells a neighbour from the own area: 第五网格, where both begin with 云和园社区. */
export function ownPart(name: string, own: string): string {
  let same = 0;
  while (same < name.length && name[same] === own[same]) same++;
  // An ordinal belongs together: 第|五 is no place to cut.
  while (same > 0 && name[same - 1] === "第") same--;
  return same < 2 || same === name.length ? name : name.slice(same);
}
