import fc from "fast-check";
import type { LayerSpecification, Map as MapLibreMap } from "maplibre-gl";
import { describe, expect, it } from "vitest";
import { LAYER_IDS, type LayerId } from "../../web/app/view-state.ts";
import type { StylePart } from "../../web/map/scene.ts";
import { addAnchors, StyleSync } from "../../web/map/style-sync.ts";

/** A map that only keeps its stack. Throws where MapLibre would say that a layer is missing or there twice. */
function fakeMap() {
  const stack: string[] = [];
  const log: string[] = [];
  const at = (id: string | undefined): number => {
    if (id === undefined) return stack.length;
    const index = stack.indexOf(id);
    if (index < 0) throw new Error(`no layer ${id}`);
    return index;
  };
  const map = {
    addLayer: ({ id }: { id: string }, above?: string) => {
      if (stack.includes(id)) throw new Error(`${id} is there already`);
      log.push(`add ${id}`);
      stack.splice(at(above), 0, id);
    },
    removeLayer: (id: string) => {
      log.push(`remove ${id}`);
      stack.splice(at(id), 1);
    },
    moveLayer: (id: string, above: string) => {
      log.push(`move ${id}`);
      stack.splice(at(id), 1);
      stack.splice(at(above), 0, id);
    },
    redraw: () => log.push("redraw"),
  };
  return { map: map as unknown as MapLibreMap, stack, log };
}

const part = (names: readonly string[]): StylePart => ({
  sources: {},
  layers: names.map((id): LayerSpecification => ({ id, type: "background" })),
});

describe("the map's style", () => {
  it("comes to any stack from any other, and takes out no layer that stays", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));
    fc.assert(
      fc.property(fc.array(names, { maxLength: 6 }), (stacks) => {
        const { map, stack, log } = fakeMap();
        addAnchors(map);
        const bare = [...stack];
        const sync = new StyleSync(map);
        let before: readonly string[] = [];
        for (const wanted of stacks) {
          log.length = 0;
          sync.sync(new Map<LayerId, StylePart>([["outlines", part(wanted)]]));
          expect(stack.filter((id) => !bare.includes(id))).toEqual(wanted);
          expect(stack.indexOf("end:outlines")).toBe(stack.indexOf("deck:outlines") + 1 + wanted.length);
          for (const id of wanted) if (before.includes(id)) expect(log).not.toContain(`remove ${id}`);
          before = wanted;
        }
        expect(stack.length).toBe((LAYER_IDS.length + 1) * 2 + 1 + before.length);
      }),
    );
  });

  it("draws at once when it gives a layer back, so that no tile finds it without its paint", () => {
    const { map, log } = fakeMap();
    addAnchors(map);
    const sync = new StyleSync(map);
    const show = (names: readonly string[]): void => sync.sync(new Map([["outlines", part(names)]]));
    show(["a", "b"]);
    show(["b"]);
    expect(log).not.toContain("redraw");
    show(["a", "b"]);
    expect(log.slice(-2)).toEqual(["add a", "redraw"]);
  });
});
