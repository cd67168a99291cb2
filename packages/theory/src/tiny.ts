/** Probabilities that are too small for a double are replaced by this value. */
export const tiny = 1e-300
