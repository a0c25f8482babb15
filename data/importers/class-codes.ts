import type { ClassCode } from "../model/class-code.ts";
import { isClassCode } from "../model/codes.ts";

/** Major of classes that only a source knows: the last of the local extension range 80–89. */
export const SOURCE_MAJOR = "89";
/** Minor shared by cases without a class and by those beyond the range. */
const OTHER_MINOR = "999";
const LAST_MINOR = 998;

export interface ClassAssignment {
  /** Source text and its code. */
  readonly codes: readonly (readonly [text: string, code: string])[];
  /** Local classes to add to the county. */
  readonly added: readonly ClassCode[];
  /** Texts beyond the 998 local codes. */
  readonly overflow: number;
}

/**
 * Finds the class code of each text: a known code, a known name (Chinese or English), or a new code in major 89
 * (其他来源), numbered in the order given after those in use.
 *
 * @param texts distinct, in a stable order
 * @param known shipped classes; components win over matters of the same digits only by code, names by first match
 * @param extra classes that the county has of its own
 */
export function assignClassCodes(
  texts: readonly string[],
  known: readonly ClassCode[],
  extra: readonly ClassCode[],
): ClassAssignment {
  const all = [...known, ...extra];
  const codes = new Set(all.map((one) => one.code));
  const byName = new Map<string, string>();
  for (const one of [...all].reverse()) {
    byName.set(one.nameEn.toLowerCase(), one.code);
    byName.set(one.name.toLowerCase(), one.code);
  }
  let minor = 0;
  for (const one of extra) {
    const used = Number(one.code.slice(2));
    if (one.major === SOURCE_MAJOR && used <= LAST_MINOR) minor = Math.max(minor, used);
  }
  const added: ClassCode[] = [];
  const out: (readonly [string, string])[] = [];
  let overflow = 0;
  const add = (code: string, name: string, nameEn = name): string => {
    added.push({
      kind: "local",
      code,
      major: SOURCE_MAJOR,
      name,
      nameEn,
      standardRef: "local",
      isLocalExtension: true,
      sensitive: false,
    });
    codes.add(code);
    return code;
  };
  const other = (): string => {
    const code = SOURCE_MAJOR + OTHER_MINOR;
    return codes.has(code) ? code : add(code, "其他来源未分类", "Unclassified");
  };
  for (const text of texts) {
    const found = isClassCode(text) && codes.has(text) ? text : byName.get(text.toLowerCase());
    if (found !== undefined) out.push([text, found]);
    else if (text === "") out.push([text, other()]);
    else if (minor >= LAST_MINOR) {
      overflow++;
      out.push([text, other()]);
    } else {
      minor++;
      out.push([text, add(`${SOURCE_MAJOR}${String(minor).padStart(3, "0")}`, text)]);
    }
  }
  return { codes: out, added, overflow };
}
