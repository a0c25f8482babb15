/** The same in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** `note` is worth knowing, `fault` needs somebody. */
export const HEALTH_LEVELS = ["ok", "note", "fault"] as const;
export type HealthLevel = (typeof HEALTH_LEVELS)[number];

/** One line of the doctor's, and of `/admin/health`. */
export interface HealthFinding {
  /** What was looked at: a stable name, the label of its metric. */
  readonly id: string;
  readonly level: HealthLevel;
  readonly name: Words;
  readonly detail: Words;
  /** What to do; every fault has it. */
  readonly advice?: Words | undefined;
}

/** A finding as `jingwei doctor` prints it and `--json` gives it. */
export interface PrintedFinding {
  readonly id: string;
  readonly level: HealthLevel;
  /** Both languages. */
  readonly name: string;
  readonly detail: string;
  readonly detailZh: string;
  readonly advice?: string;
  readonly adviceZh?: string;
}

/** Words that need no translation: versions, paths, names. */
export const same = (text: string): Words => ({ zh: text, en: text });

export const printed = ({ id, level, name, detail, advice }: HealthFinding): PrintedFinding => ({
  id,
  level,
  name: name.zh === name.en ? name.zh : `${name.zh} ${name.en}`,
  detail: detail.en,
  detailZh: detail.zh,
  ...(advice ? { advice: advice.en, adviceZh: advice.zh } : {}),
});

/** What a check knows; each check says it of one or more things. */
export interface HealthContext {
  /** Data folder (`JINGWEI_DIR`). */
  readonly dir: string;
  /** `DATABASE_URL`; absent = embedded. */
  readonly url: string | undefined;
  /** PEM file of the certificate that is served; absent = none supplied. */
  readonly certificate: string | undefined;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** Waits of a person, in days and hours. */
export function ago(ms: number): Words {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return { zh: `${minutes} 分钟`, en: `${minutes} min` };
  const hours = Math.round(minutes / 60);
  if (hours < 72) return { zh: `${hours} 小时`, en: `${hours} h` };
  return { zh: `${Math.round(hours / 24)} 天`, en: `${Math.round(hours / 24)} days` };
}
