import type { Landscape } from './cell.ts'

/**
 * Number of samples whose gradients are evaluated in one step of the update: the batch size, or all rows if there are
 * no batches. Without data, the number is 1.
 */
export function stepSamples(landscape: Landscape): number {
  if (landscape.kind === 'population') return 1
  return landscape.batch?.size ?? landscape.data?.rows ?? 1
}
