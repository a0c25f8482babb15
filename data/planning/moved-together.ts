import type { Arrangement } from "../coverage/noding/arrangement.ts";
import { unionFind } from "../coverage/union-find.ts";
import type { FaceWord } from "./three-way.ts";

type Side = "my" | "their";

/** What ground passes between: unordered, since a border is pushed to either side. */
const passage = (word: FaceWord, side: Side): string | undefined =>
  word[side] === word.was ? undefined : [word.was ?? "", word[side] ?? ""].sort().join(" ");

/**
 * Whether the ground that a face is part of passes the same way in both plans, to the last bit: faces that hang together and
 * pass between the same two cells are one push of a border. Where both push it to the same side, but not equally far, what
 * lies next to the old border passes in both and only the rest tells them apart.
 *
 * @returns true for a face whose push by either plan holds ground that the other one's does not
 */
export function pushedOtherwise({ from, faceOf }: Arrangement, faces: readonly FaceWord[]): (face: number) => boolean {
  const [mine, theirs] = (["my", "their"] as const).map((side) => {
    const { root, join } = unionFind(faces.length);
    const through = faces.map((word) => passage(word, side));
    for (let edge = 0; edge < from.length; edge++) {
      const [left, right] = [faceOf[edge * 2] as number, faceOf[edge * 2 + 1] as number];
      if (through[left] !== undefined && through[left] === through[right]) join(left, right);
    }
    const otherwise = new Set<number>();
    faces.forEach((word, face) => {
      if (word.my !== word.their) otherwise.add(root(face));
    });
    return (face: number): boolean => through[face] !== undefined && otherwise.has(root(face));
  }) as [(face: number) => boolean, (face: number) => boolean];
  return (face) => mine(face) || theirs(face);
}

/** Whether an edge between two faces was a border, and both plans change what lies beside it. */
const bothChange = (left: FaceWord | undefined, right: FaceWord | undefined): boolean =>
  left?.was !== right?.was &&
  (["my", "their"] as const).every((side) => left?.[side] !== left?.was || right?.[side] !== right?.was);

/** A corner of three or more cells that both plans move, and not to the same place. */
export interface MovedCorner {
  /** The cells that meet there before. */
  readonly cells: readonly string[];
  readonly point: number;
}

/**
 * Corners that both plans take away from where they were, with a border that both change there. Their borders hang together:
 * heard about one of them alone, a plan would leave the others where the other plan has pulled them. Where four cells meet,
 * two plans may each change borders that the other leaves alone: those merge without a question.
 *
 * @param differs `pushedOtherwise` of the same ground
 */
export function movedCorners(
  { from, to, faceOf }: Arrangement,
  faces: readonly FaceWord[],
  differs: (face: number) => boolean,
): MovedCorner[] {
  const around = new Map<number, Set<number>>();
  const pulledByBoth = new Set<number>();
  for (let edge = 0; edge < from.length; edge++) {
    const [left, right] = [faceOf[edge * 2] as number, faceOf[edge * 2 + 1] as number];
    const both = bothChange(faces[left], faces[right]);
    for (const point of [from[edge] as number, to[edge] as number]) {
      const found = around.get(point) ?? new Set<number>();
      found.add(left).add(right);
      around.set(point, found);
      if (both) pulledByBoth.add(point);
    }
  }
  const corners: MovedCorner[] = [];
  for (const [point, numbers] of around) {
    if (!pulledByBoth.has(point)) continue;
    const words = [...numbers].flatMap((face) => faces[face] ?? []);
    const meeting = (side: keyof FaceWord): Set<string> =>
      new Set(words.flatMap((word) => (word[side] === undefined ? [] : [word[side]])));
    const cells = meeting("was");
    if (cells.size < 3) continue;
    const stays = (side: Side): boolean => [...cells].every((cell) => meeting(side).has(cell));
    if (stays("my") || stays("their")) continue;
    if (words.some(({ my, their }) => my !== their) || [...numbers].some(differs))
      corners.push({ cells: [...cells].sort(), point });
  }
  return corners;
}
