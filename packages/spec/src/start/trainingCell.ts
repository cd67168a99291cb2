import type { Cell, Landscape, TrainedStart } from '../cell.ts'
import { kernelVersionOf } from '../identity.ts'
import { minimalTrial } from '../trial/minimalTrial.ts'

/**
 * The cell whose trials are the training runs of a cell; null if its start is not trained. It does not depend on the
 * update and the events of the cell, and its streams are its own.
 */
export function trainingCell(cell: Cell): Cell | null {
  const start = trainedStart(cell)
  if (start === null) return null
  const { from, update, until, every, steps } = start
  const run: Omit<Cell, 'kernel'> = {
    landscape: start.landscape ?? cell.landscape,
    method: { kind: 'direct' },
    seed: cell.seed,
    start: from,
    streams: 'independent',
    trial: {
      ...minimalTrial,
      steps,
      divergence: cell.trial.divergence,
      converge: until === null ? null : { kind: 'when', when: until, hold: 1, ...(every !== undefined && { every }) },
    },
    update,
  }
  return { kernel: kernelVersionOf(run), ...run }
}

export function trainedStart({ start }: Pick<Cell, 'start'>): TrainedStart | null {
  return start.kind === 'train' ? start : null
}

/** The cell on another landscape, with the same starts. */
export function withLandscape(cell: Cell, landscape: Landscape): Cell {
  const start = trainedStart(cell)
  return { ...cell, landscape, start: start === null ? cell.start : { landscape: cell.landscape, ...start } }
}
