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
# Compiled code is kept there from one start to the next.
: "\${NODE_COMPILE_CACHE:=$JINGWEI_DIR/cache/node}"
export JINGWEI_DIR NODE_COMPILE_CACHE
exec "$here/runtime/node" "$here/app/bin/jingwei.mjs" "$@"
`;

/** The C runtime that the package for passwords is linked to; Node's program brings its own. */
const WINDOWS_RUNTIME = "vcruntime140_1.dll";

const WINDOWS = [
  "@echo off",
  "rem Jingwei: runs with the Node of this folder; nothing needs to be installed.",
  "setlocal",
  `if exist "%SystemRoot%\\System32\\${WINDOWS_RUNTIME}" goto :run`,
  `if exist "%~dp0runtime\\${WINDOWS_RUNTIME}" goto :run`,
  "echo Jingwei needs Microsoft's Visual C++ Redistributable 2015-2022 for x64. Bring vc_redist.x64.exe along and run it once, 1>&2",
  "echo or put vcruntime140.dll and vcruntime140_1.dll into the folder runtime. 1>&2",
  "exit /b 1",
  ":run",
  'if not defined JINGWEI_DIR set "JINGWEI_DIR=%~dp0..\\jingwei-data"',
  'if not defined NODE_COMPILE_CACHE set "NODE_COMPILE_CACHE=%JINGWEI_DIR%\\cache\\node"',
  '"%~dp0runtime\\node.exe" "%~dp0app\\bin\\jingwei.mjs" %*',
  "exit /b %ERRORLEVEL%",
  "",
].join("\r\n");

export const startScripts = ({ os }: Platform): readonly StartScript[] =>
  os === "win32"
    ? [{ name: "jingwei.cmd", text: WINDOWS, executable: true }]
    : [{ name: "jingwei", text: UNIX, executable: true }];
