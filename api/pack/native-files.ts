import type { Platform } from "./platform.ts";

/** What a native file runs on, read from its first bytes. */
export interface NativeKind {
  readonly form: "ELF" | "PE" | "Mach-O";
  /** As Node names it; `other` for what no archive is made for. */
  readonly cpu: "x64" | "arm64" | "other";
}

/** e_machine of ELF (System V ABI): EM_X86_64, EM_AARCH64. */
const ELF_MACHINES: Readonly<Record<number, NativeKind["cpu"]>> = { 62: "x64", 183: "arm64" };
/** Machine of a PE header (Microsoft, PE format): IMAGE_FILE_MACHINE_AMD64, …_ARM64. */
const PE_MACHINES: Readonly<Record<number, NativeKind["cpu"]>> = { 34404: "x64", 43620: "arm64" };
/** The four words that a Mach-O file may begin with, and the one of a file with several machines. */
const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);
/** Where a PE file says at which byte its header begins. */
const PE_OFFSET = 0x3c;

/** The kind of a native program or library; undefined for everything else. */
export function nativeKind(bytes: Uint8Array): NativeKind | undefined {
  if (bytes.length < 64) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.readUInt32BE(0);
  if (first === 0x7f454c46) return { form: "ELF", cpu: ELF_MACHINES[view.readUInt16LE(18)] ?? "other" };
  if (MACH_O.has(first)) return { form: "Mach-O", cpu: "other" };
  if (view.readUInt16BE(0) !== 0x4d5a) return undefined;
  const header = view.readUInt32LE(PE_OFFSET);
  if (header + 6 > view.length || view.readUInt32BE(header) !== 0x50450000) return undefined;
  return { form: "PE", cpu: PE_MACHINES[view.readUInt16LE(header + 4)] ?? "other" };
}

/** True when a native file can run on a platform. */
export const fitsPlatform = ({ form, cpu }: NativeKind, platform: Platform): boolean =>
  form === (platform.os === "win32" ? "PE" : "ELF") && cpu === platform.cpu;
