/** What a body is, at the end of its name; longer words first, since each begins with a shorter one. */
const SUFFIXES =
  /(街道办事处|办事处|街道|社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会|行政村|社区|民族乡|镇|乡|村|网格|sub-?district|community|village|township|town)$/i;

/**
 * The part of a name that stays when a town becomes a street or a village a community: 城关镇 and 城关街道办事处 are both 城关.
 * A name that is nothing but such a word stays as it is.
 */
export function plainName(name: string): string {
  let plain = name.normalize("NFKC").replaceAll(/\s+/g, "").toLowerCase();
  for (let shorter = plain.replace(SUFFIXES, ""); shorter !== plain; shorter = plain.replace(SUFFIXES, "")) {
    if (shorter === "") break;
    plain = shorter;
  }
  return plain;
}
