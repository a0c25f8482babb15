import type { EditionReason } from "./proposal.ts";

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;

/** Why something is proposed, in both languages. */
export const REASONS = {
  ground: (ofOld: number, ofNext: number): EditionReason => ({
    zh: `旧范围的 ${percent(ofOld)} 与新范围的 ${percent(ofNext)} 是同一块地`,
    en: `${percent(ofOld)} of the old and ${percent(ofNext)} of the new ground are the same`,
  }),
  sameCode: { zh: "编码相同", en: "same code" },
  otherCode: { zh: "编码不同", en: "another code" },
  noCode: { zh: "新文件没有可比的编码", en: "the file has no code to compare" },
  sameName: { zh: "名称相同", en: "same name" },
  otherName: { zh: "名称不同", en: "another name" },
  otherParent: { zh: "上级不同", en: "another parent" },
  elsewhere: (name: string): EditionReason => ({
    zh: `旧名称现在在别处：${name}`,
    en: `its old name stands elsewhere now: ${name}`,
  }),
  codeOfOther: (name: string): EditionReason => ({
    zh: `新编码原来属于 ${name}`,
    en: `its new code was that of ${name}`,
  }),
  split: (parts: number, covered: number): EditionReason => ({
    zh: `旧范围的 ${percent(covered)} 分成 ${parts} 个新的`,
    en: `${percent(covered)} of the old ground became ${parts} new ones`,
  }),
  merged: (parts: number, filled: number): EditionReason => ({
    zh: `新范围的 ${percent(filled)} 由 ${parts} 个旧的合成`,
    en: `${percent(filled)} of the new ground is made of ${parts} old ones`,
  }),
  keepsCode: (name: string): EditionReason => ({ zh: `${name} 沿用编码`, en: `${name} keeps the code` }),
  keepsName: (name: string): EditionReason => ({ zh: `${name} 沿用名称`, en: `${name} keeps the name` }),
  noneKeeps: { zh: "没有一个沿用原编码或原名称", en: "none keeps the code or the name" },
  twoKeep: { zh: "编码和名称各在一处", en: "code and name are in different places" },
  newGround: { zh: "原来没有区域的地方", en: "ground that no area held" },
  carvedOut: (covered: number): EditionReason => ({
    zh: `${percent(covered)} 的范围来自继续存在的区域`,
    en: `${percent(covered)} of its ground comes from areas that live on`,
  }),
  noGround: { zh: "新文件里没有区域占用它的范围", en: "no new area holds its ground" },
  dissolved: (covered: number): EditionReason => ({
    zh: `它的 ${percent(covered)} 分给了继续存在的区域`,
    en: `${percent(covered)} of its ground went to areas that live on`,
  }),
  tangled: (olds: number, nexts: number): EditionReason => ({
    zh: `${olds} 个旧的和 ${nexts} 个新的共用范围，看不出谁变成了谁`,
    en: `${olds} old and ${nexts} new ones share ground; which became which cannot be told`,
  }),
  farApart: { zh: "编码或名称相同，范围却不同", en: "the same code or name, but other ground" },
} as const;
