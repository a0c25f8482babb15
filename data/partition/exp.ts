/** The double next to ln 2. */
const LN2 = Math.LN2;

/** e^x by halving and a series: only + − × ÷, so that every engine gives the same bits (Math.exp is each engine's own). */
export function exp(x: number): number {
  if (x < -700) return 0;
  const halvings = Math.round(x / LN2);
  const rest = x - halvings * LN2;
  let term = 1;
  let sum = 1;
  for (let i = 1; i <= 18; i++) {
    term *= rest / i;
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum *= 2;
  for (let i = 0; i > halvings; i--) sum /= 2;
  return sum;
}

/** Natural logarithm of x > 0: halved into [2/3, 4/3], then the series of 2·artanh((x − 1) ÷ (x + 1)). */
export function ln(x: number): number {
  let halvings = 0;
  let rest = x;
  while (rest > 4 / 3) {
    rest /= 2;
    halvings++;
  }
  while (rest < 2 / 3) {
    rest *= 2;
    halvings--;
  }
  const ratio = (rest - 1) / (rest + 1);
  const square = ratio * ratio;
  let power = ratio;
  let sum = 0;
  for (let i = 1; i < 40; i += 2) {
    sum += power / i;
    power *= square;
  }
  return 2 * sum + halvings * LN2;
}
