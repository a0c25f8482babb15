/** Lowest of the five ratings that counts as content (4 满意, 5 非常满意). */
export const SATISFIED_FROM = 4;

/** A rating as residents and areas give it: 1 … 5. */
export const isRating = (rating: number): boolean => Number.isInteger(rating) && rating >= 1 && rating <= 5;

/** True when a rating of 1 … 5 says that somebody is content. */
export const isSatisfied = (rating: number): boolean => rating >= SATISFIED_FROM;

/**
 * Satisfaction with orders: content ones ÷ rated ones. Orders that nobody rated count as neither (domain.md E9).
 *
 * @returns 0 … 1; null when none was rated
 */
export const satisfaction = (satisfied: number, rated: number): number | null =>
  rated === 0 ? null : satisfied / rated;
