import { type Design, specLimits } from '@driftfarm/spec'

/**
 * A design in one line. For a Sobol sequence, it also gives the nearest numbers of points that are spread most evenly.
 */
export function designText({ kind, points, axes }: Design): string {
  const text = `${kind}, ${points} ${points === 1 ? 'point' : 'points'} over ${axes.join(', ')}`
  const below = 2 ** (31 - Math.clz32(points))
  if (kind === 'latin' || points === below) return text
  const even = 2 * below > specLimits.cells ? `${below}` : `${below} or ${2 * below}`
  return `${text}; a power of two (${even}) would be spread more evenly`
}
