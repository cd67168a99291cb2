import type { Axis } from '../figure.ts'

/** The position of a number on an axis, from 0 at the lower end to 1 at the upper end. */
export function shareOf({ scale, domain }: Axis, value: number): number {
  const [low, high] = domain!
  if (!(high > low)) return 0.5
  if (scale !== 'log') return (value - low) / (high - low)
  return Math.log(value / low) / Math.log(high / low)
}
