import type { Landscape } from './cell.ts'

/**
 * Number of samples whose gradients are evaluated in one step: the batch size, or else all rows. Without data, the
 * number is 1.
 */
export function stepSamples(landscape: Landscape): number {
  if (landscape.kind === 'population') return 1
  return landscape.batch?.size ?? landscape.data?.rows ?? 1
}
