import type { Language } from "../../../app/view-state.ts";

const ZH = {
  alt: "现场照片 {n}，{by} {at}",
  none: "没有照片。",
  sealed: "涉密事件的照片：写明用途才能打开，每次打开都有记录。",
  reason: "用途",
  open: "打开照片 {n}",
};
type Texts = Readonly<Record<keyof typeof ZH, string>>;
const EN: Texts = {
  alt: "Photo {n} of the place, {by} {at}",
  none: "No photos.",
  sealed: "Photos of a sensitive case open with a stated purpose; every time is recorded.",
  reason: "Purpose",
  open: "Open photo {n}",
};

export const PHOTO_TEXTS: Readonly<Record<Language, Texts>> = { "zh-CN": ZH, en: EN };
