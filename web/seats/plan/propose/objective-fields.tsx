import { useId } from "react";
import { DEFAULT_WEIGHTS, type ObjectiveChoice, type WorkWeights } from "../../../../data/partition/objectives.ts";
import type { ProposeTexts } from "./texts.ts";

/** What grids are to have alike as it is typed: numbers as text, so that a field may be empty in between. */
export interface ObjectiveWish {
  readonly kind: ObjectiveChoice["kind"];
  readonly weights: Readonly<Record<keyof WorkWeights, string>>;
  /** How much even loads count beside short borders. */
  readonly balance: string;
}

export const FIRST_OBJECTIVE: ObjectiveWish = {
  kind: "households",
  weights: {
    household: String(DEFAULT_WEIGHTS.household),
    incident: String(DEFAULT_WEIGHTS.incident),
    hectare: String(DEFAULT_WEIGHTS.hectare),
  },
  balance: "1",
};

const WEIGHTS = ["household", "incident", "hectare"] as const;
/** Choices of the balance: shorter borders, both alike, more even grids. */
const BALANCES = ["0.5", "1", "2"] as const;

/** The choice for the division; undefined while a weight is no number from 0. */
export function objectiveOf({ kind, weights, balance }: ObjectiveWish): ObjectiveChoice | undefined {
  const numbers = WEIGHTS.map((name) => (weights[name].trim() === "" ? Number.NaN : Number(weights[name])));
  if (kind === "workload" && !numbers.every((value) => value >= 0 && Number.isFinite(value))) return undefined;
  const [household = 1, incident = 0, hectare = 0] = numbers;
  if (kind === "workload" && household + incident + hectare === 0) return undefined;
  return {
    kind,
    balance: Number(balance),
    ...(kind === "workload" ? { weights: { household, incident, hectare } } : {}),
  };
}

/** Chooses what grids are to have alike, and what counts as how much work. */
export function ObjectiveFields({
  wish,
  onWish,
  t,
}: {
  wish: ObjectiveWish;
  onWish: (wish: ObjectiveWish) => void;
  t: ProposeTexts;
}) {
  const id = useId();
  const labels = { household: t.perHousehold, incident: t.perIncident, hectare: t.perHectare };
  return (
    <>
      <label htmlFor={`${id}-even`}>{t.even}</label>
      <select
        id={`${id}-even`}
        value={wish.kind}
        onChange={(event) =>
          onWish({ ...wish, kind: event.currentTarget.value === "workload" ? "workload" : "households" })
        }
      >
        <option value="households">{t.households}</option>
        <option value="workload">{t.workload}</option>
      </select>
      {wish.kind === "workload" && (
        <fieldset className="propose-weights" aria-label={t.weights} title={t.weightsHint}>
          {WEIGHTS.map((name) => (
            <label key={name}>
              {labels[name]}
              <input
                inputMode="numeric"
                value={wish.weights[name]}
                onChange={(event) =>
                  onWish({ ...wish, weights: { ...wish.weights, [name]: event.currentTarget.value } })
                }
              />
            </label>
          ))}
        </fieldset>
      )}
      <label htmlFor={`${id}-balance`}>{t.balance}</label>
      <select
        id={`${id}-balance`}
        value={wish.balance}
        onChange={(event) => onWish({ ...wish, balance: event.currentTarget.value })}
      >
        {BALANCES.map((value) => (
          <option key={value} value={value}>
            {t.balances[value]}
          </option>
        ))}
      </select>
    </>
  );
}
