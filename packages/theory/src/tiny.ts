/** Replaces a probability that is too small for a double. */
export const tiny = 1e-300
