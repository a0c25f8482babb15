/**
 * Whether a benchmark shall run at a size. `BENCH_SIZES=1M,100k` keeps it to those: ten million cases take ten minutes to
 * be made, which nobody waits for while working on something that a million show. Unset = all sizes.
 */
export function isWantedSize(label: string): boolean {
  const wanted = process.env["BENCH_SIZES"];
  return !wanted || wanted.split(",").includes(label);
}
