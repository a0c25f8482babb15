/** Every seat test runs against this instant (DESIGN section 8). */
export const ANCHOR = "2026-01-15T10:30:00+08:00";
