import type { Language } from "../../../app/view-state.ts";

const ZH = {
  title: "超时未办结 {count} 件，超时最久的在前",
  none: "没有超时未办结的事件。",
  noneHint: "超时的会自动出现在这里。",
  call: "打给{who}",
  nobody: "没有可以拨打的当班电话",
  unit: "承办单位",
  more: "再看一些",
};
type Texts = Readonly<Record<keyof typeof ZH, string>>;
const EN: Texts = {
  title: "{count} open past their due time, longest first",
  none: "No open case is past its due time.",
  noneHint: "Those that are appear here by themselves.",
  call: "Call {who}",
  nobody: "Nobody on duty has a phone here",
  unit: "Unit in charge",
  more: "Show more",
};

export const LATE_TEXTS: Readonly<Record<Language, Texts>> = { "zh-CN": ZH, en: EN };
