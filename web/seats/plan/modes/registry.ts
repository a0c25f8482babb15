import type { Mode, ModeId } from "./mode.ts";
import { nodeMode } from "./node.mode.ts";
import { selectMode } from "./select.mode.ts";

/** Every mode. A new id does not compile until it stands here. */
export const MODES: Readonly<Partial<Record<ModeId, Mode>>> = { select: selectMode, node: nodeMode };
