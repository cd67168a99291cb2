import type { Landscape } from './cell.ts'

/** Samples whose gradients one step of the update takes: the batch, or all rows; 1 without data. */
export function stepSamples(landscape: Landscape): number {
  if (landscape.kind === 'population') return 1
  return landscape.batch?.size ?? landscape.data?.rows ?? 1
}
