import type { Landscape, NetworkLandscape } from '@driftfarm/spec'
import { sameNetwork } from './network.ts'
import { samePopulation } from './population.ts'

/**
 * Returns whether b is within `tolerance` (Euclidean) of a, or of an image of a under a symmetry of the landscape. A
 * symmetry is a linear isometry that preserves the loss.
 */
export type Equivalence = (a: Float64Array, b: Float64Array, tolerance: number) => boolean

export interface Symmetry {
  /** Describes the points that count as one because of a symmetry; empty if no symmetry is known. */
  readonly description: string
  readonly same: Equivalence
}

/**
 * Returns the known symmetries of a landscape: permutations of units, neurons and teachers, and sign changes of units
 * with an odd activation. Scalings of ReLU units also preserve the loss, but they are not included, because the scaled
 * points form a valley, not separate copies.
 */
export function symmetryOf(landscape: Landscape): Symmetry {
  switch (landscape.kind) {
    case 'formula':
      return { description: '', same: near }
    case 'network':
      return {
        description: isOdd(landscape.activation)
          ? 'networks that differ only by the order and the signs of hidden units count as one'
          : 'networks that differ only by the order of hidden units count as one',
        same: (a, b, tolerance) => sameNetwork({ ...landscape, odd: isOdd(landscape.activation) }, a, b, tolerance),
      }
    case 'population':
      return {
        description: 'students that differ only by the order of neurons and of teachers count as one',
        same: (a, b, tolerance) => samePopulation(landscape, a, b, tolerance),
      }
  }
}

const isOdd = (activation: NetworkLandscape['activation']): boolean =>
  activation === 'tanh' || activation === 'sin' || activation === 'identity'

function near(a: Float64Array, b: Float64Array, tolerance: number): boolean {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!
    sum += difference * difference
  }
  return Math.sqrt(sum) <= tolerance
}
