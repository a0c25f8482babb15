import { useState } from "react";
import { moveNode } from "../../../../data/coverage/plan-graph/actions/move-node.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { nearestVertex } from "../../../../data/coverage/plan-graph/vertices.ts";
import { metresPerDegree } from "../../../../data/geo/measure.ts";
import { fromLattice, LATTICE_PER_DEGREE, toLattice } from "../../../../data/model/geometry.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { Field } from "../../../ui/field.tsx";
import { chooseCorner, perform, settledGraph, useEditor } from "../state/editor.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** Moves the chosen corner; all borders that meet there come along. */
function moveTo(from: LatticePoint, to: LatticePoint): void {
  const graph = settledGraph(useEditor.getState());
  const node = graph && nearestVertex(graph, from, 1);
  if (graph && node && perform(moveNode(graph, { node, to }), "moveNode")) chooseCorner(to);
}

/** A number as it is written; undefined for none. */
function numberOf(text: string): number | undefined {
  const value = Number(text.replace("−", "-").trim());
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

/** A place so many metres east and north of another, on the lattice; metres on the ellipsoid (`metresPerDegree`). */
export function movedBy([x, y]: LatticePoint, east: number, north: number): LatticePoint {
  const { lon, lat } = metresPerDegree(fromLattice(y));
  return [x + Math.round((east / lon) * LATTICE_PER_DEGREE), y + Math.round((north / lat) * LATTICE_PER_DEGREE)];
}

function Form({ corner }: { corner: LatticePoint }) {
  const t = useTexts(REVIEW_TEXTS);
  const [lon, setLon] = useState(String(fromLattice(corner[0])));
  const [lat, setLat] = useState(String(fromLattice(corner[1])));
  const [east, setEast] = useState("");
  const [north, setNorth] = useState("");
  const [bad, setBad] = useState(false);
  const submit = (values: readonly (number | undefined)[], run: (a: number, b: number) => void): void => {
    const [a, b] = values;
    setBad(a === undefined || b === undefined);
    if (a !== undefined && b !== undefined) run(a, b);
  };
  return (
    <details className="plan-form">
      <summary id="plan-corner-form">{t.cornerForm}</summary>
      <form
        data-form="moveTo"
        onSubmit={(event) => {
          event.preventDefault();
          submit([numberOf(lon), numberOf(lat)], (x, y) => moveTo(corner, [toLattice(x), toLattice(y)]));
        }}
      >
        <Field label={t.lon} value={lon} onValue={setLon} inputMode="decimal" />
        <Field label={t.lat} value={lat} onValue={setLat} inputMode="decimal" />
        <button type="submit" className="button">
          {t.moveTo}
        </button>
      </form>
      <form
        data-form="moveBy"
        onSubmit={(event) => {
          event.preventDefault();
          submit([numberOf(east || "0"), numberOf(north || "0")], (x, y) => moveTo(corner, movedBy(corner, x, y)));
        }}
      >
        <Field label={t.east} value={east} onValue={setEast} inputMode="decimal" />
        <Field label={t.north} value={north} onValue={setNorth} inputMode="decimal" />
        <button type="submit" className="button">
          {t.moveBy}
        </button>
      </form>
      {bad && (
        <p role="alert" className="tone-late">
          {t.notNumber}
        </p>
      )}
    </details>
  );
}

/** The chosen corner by numbers: its coordinates, or how far it goes. */
export function CornerForm() {
  const corner = useEditor((editor) => (editor.live ? undefined : editor.corner));
  const mayDraw = useEditor((editor) => editor.mayDraw);
  return corner && mayDraw ? <Form key={corner.join()} corner={corner} /> : null;
}
