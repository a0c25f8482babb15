import { type FormEvent, useState } from "react";
import { useView } from "../../../app/view-state.ts";
import type { AreaFeature } from "../../../data/county-data.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote } from "../../../ui/notes.tsx";
import { Badge, type Tone } from "../../../ui/status.tsx";
import { Finding } from "./finding.tsx";
import { LayerFault } from "./layer-fault.tsx";
import { LayerMap, MiniMap } from "./layer-map.tsx";
import { IMPORT_TEXTS, type ImportTexts } from "./texts.ts";
import { chosenPlacement, type Placement, type PreviewLayer } from "./use-preview.ts";
import { changeWizard, type Wizard } from "./wizard-state.ts";

const TONES: Readonly<Record<string, Tone>> = { certain: "good", likely: "soon", unsure: "late" };

/** What a file declares, in short: of a WKT its name, of everything else the text. */
const declaredName = (declared: string): string => /^[A-Z_]+\["([^"]+)"/.exec(declared)?.[1] ?? declared.slice(0, 120);

function VerdictNote({ verdict }: { verdict: NonNullable<PreviewLayer["verdict"]> }) {
  const t = useTexts(IMPORT_TEXTS);
  const chinese = useView((view) => view.language) === "zh-CN";
  const words = (key: string): string => t[key as keyof ImportTexts] ?? key;
  return (
    <div className="note import-verdict">
      <p>
        <Badge tone={TONES[verdict.certainty] ?? "late"} sign="◆">
          {words(`verdict_${verdict.certainty}`)}
        </Badge>{" "}
        <strong>
          {verdict.crs} · {chinese ? verdict.nameZh : verdict.nameEn}
          {verdict.swapped ? t.swappedAxes : ""}
        </strong>{" "}
        <span className="tone-muted">{words(`by_${verdict.by}`)}</span>
      </p>
      <ul>
        {(chinese ? verdict.reasonsZh : verdict.reasonsEn).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {verdict.flags.map(({ kind, message }) => (
          <li key={kind} className="tone-soon">
            <Finding kind={kind} message={message} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Which reference system: each with where the layer would lie, so that one sees which of them fits. */
export function StepDatum(props: {
  county: string;
  wizard: Wizard;
  layer: PreviewLayer;
  areas: readonly AreaFeature[];
  onTyped: (crs: string) => void;
}) {
  const { county, wizard, layer, areas, onTyped } = props;
  const t = useTexts(IMPORT_TEXTS);
  const format = useFormat();
  const chinese = useView((view) => view.language) === "zh-CN";
  const [typed, setTyped] = useState("");
  const placement = chosenPlacement(layer, wizard.crs);
  const share = ({ insideShare }: Placement): string =>
    insideShare === null ? t.insideUnknown : fill(t.inside, { percent: format.percent(insideShare) });
  const show = (event: FormEvent) => {
    event.preventDefault();
    const crs = typed.trim();
    changeWizard(county, { crs });
    onTyped(crs);
  };
  if (!placement) return layer.error ? <LayerFault fault={layer.error} /> : <EmptyNote title={t.noPlace} />;
  return (
    <div className="import-step import-split">
      <div className="import-part">
        {layer.error && <LayerFault fault={layer.error} />}
        {layer.verdict && <VerdictNote verdict={layer.verdict} />}
        {layer.declaredCrs && (
          <p className="tone-muted import-declared">{fill(t.declared, { text: declaredName(layer.declaredCrs) })}</p>
        )}
        <fieldset className="import-datums">
          <legend>{t.datumList}</legend>
          <p className="tone-muted">{t.datumHint}</p>
          {layer.placements.map((one) => (
            <label key={`${one.crs}/${one.swapped}`} data-chosen={one === placement || undefined}>
              <input
                type="radio"
                name="datum"
                value={one.crs}
                checked={one === placement}
                onChange={() => changeWizard(county, { crs: one.crs })}
              />
              <MiniMap areas={areas} shapes={one} />
              <span>
                <strong>{one.crs}</strong> {chinese ? one.nameZh : one.nameEn}
                {one.swapped ? t.swappedAxes : ""}
                <br />
                <span className="tone-muted">{share(one)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <form className="import-form" onSubmit={show}>
          <label>
            {t.otherCrs}
            <input
              value={typed}
              maxLength={200}
              placeholder={t.otherHint}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
          <button type="submit" className="button" disabled={typed.trim() === ""}>
            {t.show}
          </button>
        </form>
      </div>
      <div className="import-part">
        <LayerMap areas={areas} shapes={placement} />
      </div>
    </div>
  );
}
