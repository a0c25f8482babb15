import type { Platform } from "./platform.ts";

/** A script at the top of an archive. */
export interface StartScript {
  readonly name: string;
  readonly text: string;
  readonly executable: boolean;
}

/**
 * `jingwei` of an archive: Node of the archive, whatever is on the path. The data lies beside the unpacked folder unless
 * JINGWEI_DIR says where, so that the next version, unpacked there too, finds it.
 */
const UNIX = `#!/bin/sh
# 经纬 Jingwei: runs with the Node of this folder; nothing needs to be installed.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd) || exit 1
: "\${JINGWEI_DIR:=$(dirname -- "$here")/jingwei-data}"
export JINGWEI_DIR
exec "$here/runtime/node" "$here/app/bin/jingwei.mjs" "$@"
`;

const WINDOWS = [
  "@echo off",
  "rem Jingwei: runs with the Node of this folder; nothing needs to be installed.",
  "setlocal",
  'if not defined JINGWEI_DIR set "JINGWEI_DIR=%~dp0..\\jingwei-data"',
  '"%~dp0runtime\\node.exe" "%~dp0app\\bin\\jingwei.mjs" %*',
  "exit /b %ERRORLEVEL%",
  "",
].join("\r\n");

export const startScripts = ({ os }: Platform): readonly StartScript[] =>
  os === "win32"
    ? [{ name: "jingwei.cmd", text: WINDOWS, executable: true }]
    : [{ name: "jingwei", text: UNIX, executable: true }];
