/** Null of a time column: int32 minimum. */
export const NULL_TIME = -2147483648;
