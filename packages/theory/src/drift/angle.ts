import { elementary } from '@driftfarm/formula'

const { cos } = elementary

/** Of a random angle phi that is as likely as -phi. */
export interface AngleLaw {
  /** E cos(k phi). */
  readonly share: (k: number) => number
  /** Of phi on (-reach, reach), wrapped round the circle where the law is not bounded. */
  readonly density: (phi: number) => number
  readonly reach: number
}

/** A law that has a density on the whole line, wrapped round the circle: by its Fourier series. */
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
