import { estimateKinds, kindNamed } from '@driftfarm/spec'
import type { Interval } from './interval.ts'

/**
 * The half-widths at which an interval counts as precise: this share of the estimate or, for a probability, this
 * number. Without the second one, a rare event would need 1e4 times as many trials to count as measured.
 */
export const preciseHalfWidth = { relative: 0.1, absolute: 0.01 } as const

/** The half-width at which the interval of an estimate with this name is precise, whatever the estimate is. */
export const preciseAbsolute = (name: string): number => {
  const kind = kindNamed(name)
  return kind !== null && estimateKinds[kind].value === 'event' ? preciseHalfWidth.absolute : 0
}

/** Half the width of an interval: infinite if a limit is. */
export const halfWidth = ({ low, high }: Interval): number => (high - low) / 2

/** Whether the interval of an estimate is narrow enough for most uses. False if it is not a number. */
export const isPrecise = (name: string, estimate: Interval & { readonly value: number }): boolean =>
  halfWidth(estimate) <= Math.max(preciseAbsolute(name), preciseHalfWidth.relative * Math.abs(estimate.value))
