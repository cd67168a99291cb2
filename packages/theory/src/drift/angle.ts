import { elementary } from '@driftfarm/formula'

const { cos } = elementary

/** The distribution of a random angle phi in which phi and -phi are equally likely. */
export interface AngleLaw {
  /** E cos(k phi) for k = 1, 2, .. */
  readonly share: (k: number) => number
  /** The density of phi on (-reach, reach). An unbounded distribution is wrapped round the circle. */
  readonly density: (phi: number) => number
  readonly reach: number
}

/** Wraps a distribution on the whole line round the circle by its Fourier series. */
export function wrapped(share: (k: number) => number): AngleLaw {
  const shares: number[] = []
  for (let k = 1; k <= 2000; k++) {
    const one = share(k)
    if (one < 1e-17) break
    shares.push(one)
  }
  return {
    share,
    density: (phi) => shares.reduce((sum, one, k) => sum + 2 * one * cos((k + 1) * phi), 1) / (2 * Math.PI),
    reach: Math.PI,
  }
}
