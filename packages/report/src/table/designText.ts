import { type Design, specLimits } from '@driftfarm/spec'

/** Sobol points are spread most evenly if their number is a power of two. */
export function designText({ kind, points, axes }: Design): string {
  const text = `${kind}, ${points} ${points === 1 ? 'point' : 'points'} over ${axes.join(', ')}`
  const below = 2 ** (31 - Math.clz32(points))
  if (kind === 'latin' || points === below) return text
  const even = 2 * below > specLimits.cells ? `${below}` : `${below} or ${2 * below}`
  return `${text}; ${even} points (a power of two) would be spread more evenly`
}
