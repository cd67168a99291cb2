import type { LandscapeFunction } from '@driftfarm/kernel'

/**
 * How two ends of descents to |grad L| <= tolerance stand to each other. one: they are the same minimum. two: there is a rise between them.
 * above: the second is reached from the first without a rise and lies lower, so that the first is no minimum; below: the other way round.
 */
export type BasinRelation = (
  landscape: LandscapeFunction,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  tolerance: number,
) => 'one' | 'two' | 'above' | 'below'
