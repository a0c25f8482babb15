/**
 * Order numbers of reported cases, as a reporter quotes them: `140226-20260115-000431-7` = county, day of the report in the
 * county's zone, running number in the county (at least six digits), check digit.
 */
export interface OrderNumber {
  readonly county: string;
  /** Local calendar day, `yyyymmdd`. */
  readonly day: string;
  /** Running number in the county, 1…: the `ref` of the case. */
  readonly sequence: number;
}

/**
 * Check digit of a row of digits: ISO/IEC 7064, MOD 11,10. It tells every single wrong digit and nearly every swap of
 * neighbours.
 */
export function checkDigit(digits: string): string {
  let product = 10;
  for (const digit of digits) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

const body = ({ county, day, sequence }: OrderNumber): string => `${county}${day}${String(sequence).padStart(6, "0")}`;

/** An order number in its readable form. */
export const formatOrderNumber = (order: OrderNumber): string =>
  `${order.county}-${order.day}-${String(order.sequence).padStart(6, "0")}-${checkDigit(body(order))}`;

/**
 * Reads an order number as people write it: with any spaces and dashes, or none, and full-width digits.
 *
 * @returns undefined when it has another shape or its check digit does not fit
 */
export function parseOrderNumber(text: string): OrderNumber | undefined {
  const digits = text.normalize("NFKC").replace(/[\s\p{Pd}]/gu, "");
  const match = /^(\d{6})(\d{8})(\d{6,10})(\d)$/.exec(digits);
  if (!match) return undefined;
  const [, county = "", day = "", sequence = "", check] = match;
  const order = { county, day, sequence: Number(sequence) };
  return checkDigit(body(order)) === check ? order : undefined;
}
