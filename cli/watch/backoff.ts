const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/** How long to wait behind so many failures in a row (ms): twice as long each time up to a minute, less up to a half, so that many who wait do not come at one moment. */
export const backoffMs = (failures: number, random: () => number = Math.random): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 20)) * (1 - random() / 2);
