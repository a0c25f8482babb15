import { CAMERA_NETWORKS, type CameraNetwork } from "../../model/camera.ts";
import { projectOfGroup } from "./camera-words.ts";

/**
 * Divisions, business groups (215) and virtual organisations (216) of a catalogue. Several divisions may share one code
 * (eight digits do not tell towns apart), so a code has all names and parents that were told of it.
 */
export class CatalogueGroups {
  readonly #names = new Map<string, Set<string>>();
  readonly #parents = new Map<string, Set<string>>();

  add(code: string, name: string | undefined, parents: readonly string[]): void {
    if (name !== undefined) put(this.#names, code, name);
    for (const parent of parents) if (parent !== code) put(this.#parents, code, parent);
  }

  /** The project that the nearest group above is named for; null where none is. */
  projectAbove(parents: readonly string[]): CameraNetwork | null {
    const seen = new Set<string>();
    let level = parents;
    while (level.length > 0) {
      const found = new Set<CameraNetwork>();
      const next: string[] = [];
      for (const code of level) {
        if (seen.has(code)) continue;
        seen.add(code);
        for (const name of this.#names.get(code) ?? []) {
          const project = projectOfGroup(name);
          if (project) found.add(project);
        }
        next.push(...(this.#parents.get(code) ?? []));
      }
      const nearest = CAMERA_NETWORKS.find((network) => found.has(network));
      if (nearest) return nearest;
      level = next;
    }
    return null;
  }
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

/** Codes in a ParentID: a device may hang under several (`code/code`). */
export const parentCodes = (...texts: readonly (string | undefined)[]): string[] =>
  texts.flatMap((text) => (text ?? "").split(/[/;,&\s]+/).filter((code) => /^\d{2,20}$/.test(code)));
