/** What can be wrong with a chain. */
export type AuditFault =
  | "row-changed"
  | "row-missing"
  | "seal-missing"
  | "seal-changed"
  | "chain-broken"
  | "row-doubled"
  | "forged"
  | "forged-unsealed"
  | "other-key"
  | "head-differs"
  | "head-missing"
  | "end-cut"
  | "heads-changed";

type Note = "note-late" | "note-no-heads" | "note-other-heads";

/** One sentence each, Chinese first; `{name}` is filled in. */
const TEXTS: Readonly<Record<AuditFault | Note, string>> = {
  "row-changed":
    "第 {seq} 条（{id}）与写入时不同：内容或签名被改动。 Row {seq} ({id}) is not as it was written: its content or its mac was changed.",
  "row-missing": "第 {seq} 条（{id}）已被删除，只剩封印。 Row {seq} ({id}) was deleted; only its seal is left.",
  "seal-missing":
    "缺少第 {seq} 号封印：此处有记录被删除或重排。 Seal {seq} is missing: rows were deleted or moved here.",
  "seal-changed":
    "第 {seq} 号封印（{id}）被改动，或其顺序被调换。 Seal {seq} ({id}) was changed, or moved from its place.",
  "chain-broken":
    "第 {seq} 条（{id}）与前一条接不上：此处被插入、删除或重排。 Row {seq} ({id}) does not follow the one before it: something was put in, deleted or moved here.",
  "row-doubled": "记录 {id} 有两个封印：封印被复制。 Row {id} has two seals: a seal was copied.",
  forged:
    "第 {seq} 条（{id}）签名不符：不是经纬写入的。 Row {seq} ({id}) has a wrong mac: it was not written by Jingwei.",
  "forged-unsealed":
    "未封印的记录 {id} 签名不符：被改动，或不是经纬写入的。 The unsealed row {id} has a wrong mac: it was changed, or not written by Jingwei.",
  "other-key":
    "第 {seq} 条（{id}）由另一把密钥签名，无法核对：请用写入时的 AUDIT_KEY（或 audit/key 文件）。 Row {seq} ({id}) was signed with another key and cannot be checked: use the AUDIT_KEY (or the file audit/key) that it was written with.",
  "head-differs":
    "第 {seq} 条（{id}）与库外链头不符：第 {from} 至 {seq} 条中有记录被改写或删除。 Row {seq} ({id}) differs from the head kept outside the database: of rows {from} to {seq} some were rewritten or removed.",
  "head-missing":
    "第 {seq} 条（{id}）的链头不在库外文件中：文件末尾被截断，或进程恰在写入时结束（再次启动会补记）。 The head of row {seq} ({id}) is not in the file outside the database: its end was cut off, or the process ended while writing it (the next start adds and marks it).",
  "end-cut":
    "库外链头记到第 {last} 条，库内从第 {seq} 条起缺失：链尾被截断。 The head kept outside the database knows {last} rows; from row {seq} on they are gone: the end was cut off.",
  "heads-changed":
    "库外链头文件第 {line} 行被改动、删除或调换（涉及第 {seq} 条）。 Line {line} of the file of heads was changed, removed or moved (it tells of row {seq}).",
  "note-late":
    "第 {seq} 条的链头是下次启动时补记的：进程曾在封印后立即结束，或文件末尾曾被删去。 The head of row {seq} was added at a later start: the process had ended right after the seal, or the end of the file had been removed.",
  "note-no-heads":
    "库外链头文件不存在（{file}）：无法核对链尾是否被截断。 There is no file of heads ({file}): a cut-off end could not be told.",
  "note-other-heads":
    "有 {count} 批封印的链头记在别的文件中，未能核对。 The heads of {count} batches are in another file and were not compared.",
};

/** The sentence of a fault with its numbers filled in. */
export const faultText = (fault: AuditFault | Note, values: Readonly<Record<string, string | number>>): string =>
  TEXTS[fault].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "?"));
