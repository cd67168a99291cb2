import type { Landscape } from './cell.ts'

/**
 * Number of samples whose gradients are evaluated in one step: the size of the mini-batch or, without mini-batches, the
 * number of rows; 1 without data.
 */
export function stepSamples(landscape: Landscape): number {
  if (landscape.kind === 'population') return 1
  return landscape.batch?.size ?? landscape.data?.rows ?? 1
}
