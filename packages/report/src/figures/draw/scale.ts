import type { Axis } from '../figure.ts'

/** The position of a number between the ends of an axis, 0 to 1. */
export function shareOf({ scale, domain }: Axis, value: number): number {
  const [low, high] = domain!
  if (!(high > low)) return 0.5
  if (scale !== 'log') return (value - low) / (high - low)
  return Math.log(value / low) / Math.log(high / low)
}
