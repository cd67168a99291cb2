import type { Landscape } from './cell.ts'

/**
 * Number of samples whose gradients are evaluated in one step: the size of the mini-batch or, without mini-batches, the
 * number of rows; 1 without data.
 */
export function stepSamples(landscape: Landscape): number {
  if (landscape.kind === 'population') return 1
  return landscape.batch?.size ?? landscape.data?.rows ?? 1
}

export type TrainingNoise = 'mini-batches' | 'dropout' | 'label noise'

/**
 * What makes the gradient of a step random before any drift acts. If the list is empty, steps use the gradient of the
 * loss itself.
 */
export function trainingNoise(landscape: Landscape): readonly TrainingNoise[] {
  if (landscape.kind === 'population') return []
  const noise: TrainingNoise[] = []
  if (landscape.batch !== null) noise.push('mini-batches')
  if (landscape.kind === 'network' && landscape.dropout !== undefined) noise.push('dropout')
  if (landscape.labelNoise !== undefined) noise.push('label noise')
  return noise
}

/**
 * The landscape whose steps use the gradient of the loss itself: all samples, all units and the targets of the data.
 * Returns the same object if this is so already.
 */
export function withoutTrainingNoise<L extends Landscape>(landscape: L): L {
  if (trainingNoise(landscape).length === 0) return landscape
  const { dropout: _, labelNoise: __, ...plain } = landscape as L & { dropout?: unknown; labelNoise?: unknown }
  return { ...plain, batch: null } as unknown as L
}
