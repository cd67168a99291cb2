/** Stands for a probability that doubles do not hold. */
export const tiny = 1e-300
