/** How long scenario soak lasts. */
export const SOAK_MINUTES = 5;
export const SOAK_MINUTES_MAX = 24 * 60;
