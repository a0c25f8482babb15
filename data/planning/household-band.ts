/** Households that a grid should have (domain.md 2.1): 300 to 500. */
export const GRID_HOUSEHOLDS = { from: 300, to: 500 } as const;
/** Households that a community should have at most (domain.md 2.1). */
export const COMMUNITY_HOUSEHOLDS = 3000;
