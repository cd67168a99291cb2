import type { Landscape } from './cell.ts'

/** Number of samples whose gradients one step of the update evaluates: the batch, or all rows; 1 without data. */
export function stepSamples(landscape: Landscape): number {
  if (landscape.kind === 'population') return 1
  return landscape.batch?.size ?? landscape.data?.rows ?? 1
}
