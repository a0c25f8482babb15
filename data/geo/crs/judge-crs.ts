import type { ImportFlag } from "../../importers/report.ts";
import type { AppError } from "../../model/errors.ts";
import { dataError } from "../../model/errors.ts";
import type { LonLat, MultiPolygonRings } from "../../model/geometry.ts";
import { borderShare, commonShift, fitsBetter } from "./border-match.ts";
import { type Candidate, candidatesAround, offsetForms, place } from "./candidates.ts";
import type { BothWords, Crs } from "./crs.ts";
import { crsOf, KNOWN_SYSTEMS_HINT, parametersHint } from "./crs-of.ts";
import { guessFromRanges } from "./guess-from-ranges.ts";
import { OutlineFit } from "./outline-fit.ts";
import { recogniseCrs } from "./recognise-crs.ts";

/** What is known of a layer when its reference system is judged. */
export interface CrsQuestion {
  /** Value of `--crs`; `auto` or undefined to judge. */
  readonly wanted: string | undefined;
  /** What the file says itself: WKT, EPSG code or name; undefined when it says nothing. */
  readonly declared: string | undefined;
  /** Positions spread over the whole layer, x then y as they stand in the file; a thousand or two are plenty. */
  readonly sample: readonly (readonly [x: number, y: number])[];
  /** The county as it is known so far, WGS 84; undefined before its first areas. */
  readonly outline: MultiPolygonRings | undefined;
  /** Named in errors. */
  readonly file: string;
}

export interface CrsAlternative {
  readonly id: string;
  readonly swapped: boolean;
  /** Share of the sample inside the county's outline or within 500 m of it, 0–1. */
  readonly insideShare: number;
}

export interface CrsVerdict {
  readonly crs: Crs;
  /** For `ImportReport.crs`: the code and how it was known. */
  readonly label: string;
  readonly by: "flag" | "declared" | "ranges";
  /** `certain`: the border agrees or nothing else is possible; `likely`; `unsure`: ask a person. */
  readonly certainty: "certain" | "likely" | "unsure";
  /** The first number is the latitude or northing: hand `y, x` to `crs.toWgs84`. */
  readonly swapped: boolean;
  readonly reasons: readonly BothWords[];
  /** Other systems that put the layer in the county too, the best first. */
  readonly alternatives: readonly CrsAlternative[];
  readonly flags: readonly ImportFlag[];
}

/** Positions that are looked at, and of them those that other systems are first tried with. */
const MAX_SAMPLE = 900;
const FEW = 120;
/** More than 30 % outside the county suggests another system (domain.md 4.9). */
const MIN_INSIDE = 0.7;
/** A layer that ends up so far from the county, with nothing in it, is not this county's. */
const FAR_KM = 50;
const ALTERNATIVE_INSIDE = 0.3;

/**
 * Judges in which reference system a layer's numbers are: from `--crs`, from the file's own declaration, and from the
 * numbers themselves against the county's outline (share inside, and for layers that share its border, how well the
 * lines meet), both axis orders included.
 *
 * CGCS2000 and WGS 84 are one at map accuracy and never told apart. A datum that moves a layer by less than a county
 * (GCJ-02, BD-09, Xi'an 80, Beijing 54) shows only where the layer has a border in common with the outline; for points
 * the verdict says so and is at most `likely`.
 *
 * @throws DATA error for a declaration that cannot be true (naming what the layer looks like instead) or that needs
 *   parameters, and where nothing fits; USER error for an unknown `--crs`, or one that puts the layer elsewhere
 */
export function judgeCrs(question: CrsQuestion): CrsVerdict {
  const sample = thin(
    question.sample.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y) && (x !== 0 || y !== 0)),
    MAX_SAMPLE,
  );
  const fit = question.outline && question.outline.length > 0 ? new OutlineFit(question.outline) : undefined;
  const wanted = question.wanted === undefined || question.wanted === "auto" ? undefined : question.wanted;
  if (wanted !== undefined) return new Judge(question.file, sample, fit).asked(crsOf(wanted));
  const judge = new Judge(question.file, sample, fit);
  if (question.declared === undefined) return judge.undeclared();
  const known = recogniseCrs(question.declared);
  if (known && "crs" in known) return judge.declared(known.crs);
  if (known) {
    throw dataError(
      `${question.file} is in ${known.needsParameters.en}, which cannot be converted without parameters`,
      {
        at: question.file,
        hint: parametersHint(known.needsParameters),
      },
    );
  }
  return judge.undeclared(question.declared);
}

function thin<T>(items: readonly T[], most: number): readonly T[] {
  const step = items.length / most;
  return step <= 1 ? items : Array.from({ length: most }, (_, i) => items[Math.floor(i * step)] as T);
}

interface Rated extends Candidate {
  readonly points: readonly LonLat[];
  readonly inside: number;
}

class Judge {
  readonly #all: readonly Rated[];
  readonly #flags: ImportFlag[] = [];
  readonly #reasons: BothWords[] = [];

  constructor(
    readonly file: string,
    readonly sample: readonly (readonly [number, number])[],
    readonly fit: OutlineFit | undefined,
  ) {
    const few = thin(sample, FEW);
    this.#all = fit ? candidatesAround(fit.center).map((one) => this.#rate(one, few)) : [];
  }

  #rate(candidate: Candidate, sample = this.sample): Rated {
    const points = sample.map((position) => place(candidate, position));
    const { fit } = this;
    const held = fit ? points.filter((point) => fit.holds(point)).length : 0;
    return { ...candidate, points, inside: points.length === 0 ? 0 : held / points.length };
  }

  /** The person said so: believed where the result lies in the county. */
  asked(crs: Crs): CrsVerdict {
    const straight = this.#rate({ crs, swapped: false });
    const chosen = this.#withAxes(crs, straight);
    this.#reasons.push({ zh: `按 --crs 指定为 ${crs.label.zh}`, en: `--crs says ${crs.label.en}` });
    if (!this.fit) {
      this.#requireDegrees(straight, crs);
      return this.#verdict(straight, "flag", "likely");
    }
    this.#requireInCounty(chosen, crs.id);
    const better = this.#betterOffset(chosen);
    if (better)
      this.#flag(
        "crs_doubt",
        `read as ${crs.id} as asked, but its border fits the county's better in ${better.crs.id}`,
      );
    return this.#verdict(chosen, "flag", better ? "unsure" : this.#certainty(chosen));
  }

  declared(crs: Crs): CrsVerdict {
    const straight = this.#rate({ crs, swapped: false });
    this.#reasons.push({ zh: `文件声明为 ${crs.label.zh}`, en: `the file says ${crs.label.en}` });
    if (!this.fit) {
      this.#requireDegrees(straight, crs);
      return this.#verdict(straight, "declared", "likely");
    }
    this.#requireInCounty(straight, crs.id);
    const better = this.#betterOffset(straight);
    if (better) {
      throw this.#wrong(
        crs.id,
        better,
        `${percent(borderShare(this.fit, better.points))} of its positions then lie on the county's outline, against ${percent(borderShare(this.fit, straight.points))}`,
      );
    }
    this.#lookForShift(straight);
    return this.#verdict(straight, "declared", this.#certainty(straight));
  }

  /** Nothing said, or something that we do not know. */
  undeclared(unknown?: string): CrsVerdict {
    if (unknown !== undefined) {
      this.#flag(
        "crs_unknown",
        `the file says ${JSON.stringify(unknown.slice(0, 80))}, which is not known; judged by its numbers`,
      );
    }
    if (!this.fit || this.sample.length === 0) {
      const guess = guessFromRanges(this.sample, this.file);
      this.#reasons.push(guess.reason);
      return this.#verdict(this.#rate(guess), "ranges", guess.certainty);
    }
    const found = this.#bestInside();
    const best = found && this.#rate(found);
    if (!best || best.inside < ALTERNATIVE_INSIDE) {
      const guess = guessFromRanges(this.sample, this.file);
      const rated = this.#rate(guess);
      this.#requireInCounty(rated, undefined);
      this.#reasons.push(guess.reason);
      return this.#verdict(rated, "ranges", "unsure");
    }
    const offset = this.#betterOffset(best);
    const chosen = offset ?? best;
    this.#reasons.push({
      zh: `文件没有声明坐标系；按 ${chosen.crs.label.zh} 有 ${percent(chosen.inside)} 落在县域内`,
      en: `the file declares nothing; in ${chosen.crs.label.en} ${percent(chosen.inside)} of it lies in the county`,
    });
    if (offset)
      this.#flag(
        "crs_offset",
        `it declares nothing; read as ${offset.crs.id}, in which its border meets the county's. If that is wrong, say --crs "${best.crs.id}"`,
      );
    else this.#lookForShift(best);
    const rivals = this.#all.filter((one) => !same(one, chosen) && one.inside >= MIN_INSIDE);
    const sure = this.#certainty(chosen);
    return this.#verdict(chosen, "ranges", rivals.length > 0 ? "unsure" : sure);
  }

  #bestInside(): Rated | undefined {
    return this.#all.reduce<Rated | undefined>(
      (best, one) => (!best || one.inside > best.inside ? one : best),
      undefined,
    );
  }

  /** The order of the axes that puts the layer in the county; straight where both or neither do. */
  #withAxes(crs: Crs, straight: Rated): Rated {
    if (!this.fit || straight.inside >= ALTERNATIVE_INSIDE) return straight;
    const swapped = this.#rate({ crs, swapped: true });
    if (swapped.inside < ALTERNATIVE_INSIDE) return straight;
    this.#flag(
      "swapped_axes",
      "its first number is the latitude or northing; read so, since only this lies in the county",
    );
    return swapped;
  }

  /** @param said as the person or the file named it; undefined when nobody did */
  #requireInCounty(rated: Rated, said: string | undefined): void {
    const { fit } = this;
    if (!fit || this.sample.length === 0 || rated.inside >= MIN_INSIDE) return;
    const rivals = [rated, ...this.#all].flatMap((one) => (one === rated ? this.#axesAndOffsets(one) : [one]));
    const best = rivals.reduce<Rated | undefined>(
      (found, one) => (!same(one, rated) && (!found || one.inside > found.inside) ? one : found),
      undefined,
    );
    if (best && best.inside >= Math.max(ALTERNATIVE_INSIDE, 2 * rated.inside + 0.2)) {
      const offset = this.#betterOffset(this.#rate(best));
      throw this.#wrong(
        said ?? rated.crs.id,
        offset ?? best,
        `${percent(best.inside)} of it then lies in the county, against ${percent(rated.inside)}`,
      );
    }
    const km = Math.min(...rated.points.map((point) => fit.boxDistanceKm(point)).filter((d) => Number.isFinite(d)));
    if (rated.inside === 0 && !(km <= FAR_KM)) {
      throw dataError(
        `${this.file}${said ? ` as ${said}` : ""} lies ${Number.isFinite(km) ? `${Math.round(km)} km from` : "nowhere near"} the county, and no usual system puts it there`,
        { at: this.file, hint: `Check that it is this county's file. ${KNOWN_SYSTEMS_HINT}` },
      );
    }
    this.#flag(
      "outside_county",
      `${percent(1 - rated.inside)} of its positions lie outside the county as it is known`,
      Math.round((1 - rated.inside) * this.sample.length),
    );
  }

  #axesAndOffsets({ crs, swapped }: Candidate): Rated[] {
    return [{ crs, swapped: !swapped }].map((one) => this.#rate(one));
  }

  /** GCJ-02, BD-09 or neither, where the border says so. */
  #betterOffset(rated: Rated): Rated | undefined {
    const { fit } = this;
    if (!fit) return undefined;
    const better = offsetForms(rated)
      .map((form) => this.#rate(form))
      .flatMap((form) => {
        const match = fitsBetter(fit, rated.points, form.points);
        return match ? [{ form, match }] : [];
      })
      .sort((a, b) => b.match.other - a.match.other);
    return better[0]?.form;
  }

  #lookForShift(rated: Rated): void {
    const shift = this.fit && commonShift(this.fit, rated.points);
    if (!shift) return;
    const metres = Math.round(Math.hypot(shift.east, shift.north));
    this.#flag(
      "crs_shift",
      `its border would meet the county's outline if moved by ${metres} m (${shift.east} m east, ${shift.north} m north): it may be in Xi'an 80 or Beijing 54, or the outline may be off`,
    );
  }

  #certainty(rated: Rated): CrsVerdict["certainty"] {
    const { fit } = this;
    if (!fit || rated.inside < MIN_INSIDE || this.#flags.some(({ kind }) => kind === "crs_shift")) return "unsure";
    if (borderShare(fit, rated.points) >= 0.06) {
      this.#reasons.push({ zh: "图层边界与县界重合", en: "its border meets the county's outline" });
      return "certain";
    }
    this.#reasons.push({
      zh: "位置在县域内；但没有与县界重合的边界，无法排除 GCJ-02、BD-09、西安80 或北京54 的偏移",
      en: "it lies in the county; but it has no border in common with it, so an offset of GCJ-02, BD-09, Xi'an 80 or Beijing 54 cannot be ruled out",
    });
    return "likely";
  }

  #requireDegrees(rated: Rated, crs: Crs): void {
    const bad = rated.points.find(([lon, lat]) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90));
    if (!bad) return;
    const [x, y] = this.sample[rated.points.indexOf(bad)] ?? [0, 0];
    throw dataError(`${this.file}: ${x}, ${y} cannot be a position in ${crs.id}`, {
      at: this.file,
      hint: `Say which system it is in. ${KNOWN_SYSTEMS_HINT}`,
    });
  }

  #wrong(said: string, looks: Rated, why: string): AppError {
    const axes = looks.swapped ? " with its axes swapped (northing or latitude first)" : "";
    return dataError(`${this.file} is declared as ${said} but looks like ${looks.crs.id}${axes}: ${why}`, {
      at: this.file,
      hint: `${looks.crs.label.en}${axes}. If that is right, say --crs "${looks.crs.id}"; 若确认无误，请用 --crs "${looks.crs.id}"（${looks.crs.label.zh}${looks.swapped ? "，坐标轴对调" : ""}）。`,
    });
  }

  #flag(kind: string, message: string, count = 1): void {
    this.#flags.push({ kind, count, message: `${this.file}: ${message}` });
  }

  #verdict(rated: Rated, by: CrsVerdict["by"], certainty: CrsVerdict["certainty"]): CrsVerdict {
    const how = { flag: "--crs", declared: "declared", ranges: "assumed from its numbers" }[by];
    const alternatives = [rated, ...offsetForms(rated).map((form) => this.#rate(form)), ...this.#all]
      .filter((one) => this.fit !== undefined && !same(one, rated) && one.inside >= ALTERNATIVE_INSIDE)
      .sort((a, b) => b.inside - a.inside)
      .map(({ crs, swapped, inside }) => ({ id: crs.id, swapped, insideShare: inside }));
    return {
      crs: rated.crs,
      label: `${rated.crs.id} (${how}${rated.swapped ? ", axes swapped" : ""}${certainty === "certain" ? "" : `, ${certainty}`})`,
      by,
      certainty,
      swapped: rated.swapped,
      reasons: this.#reasons,
      alternatives,
      flags: this.#flags,
    };
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Two ways to read the numbers that come to the same places, within a metre or so. */
function same(a: Rated, b: Rated): boolean {
  const [p, q] = [a.points[0], b.points[0]];
  return !p || !q || (Math.abs(p[0] - q[0]) < 1e-5 && Math.abs(p[1] - q[1]) < 1e-5);
}
