import type { Cell } from '@driftfarm/spec'
import { fullBatch } from './noiseFreeCell.ts'

/**
 * Returns the cell with the method `direct` and with random numbers that depend only on the seed. If the cell has a
 * quench, the quench stays, but ends at once. Only inputs of the compiled module change, so the module need not be
 * recompiled.
 */
export function plainCell(cell: Cell): Cell {
  const { quench } = cell.trial
  return {
    ...cell,
    method: { kind: 'direct' },
    streams: 'common',
    trial: { ...cell.trial, quench: quench === null ? null : { ...quench, ...immediateDescent } },
  }
}

export const immediateDescent = { gradient: Number.MAX_VALUE, steps: 1 } as const

/**
 * Drops the events that require a descent. The premise `basin` examines these events, and the descents would take
 * longer than the rest of the trial.
 */
export function withoutDescents(cell: Cell): Cell {
  const { escape, classify } = cell.trial
  return {
    ...cell,
    method: { kind: 'direct' },
    streams: 'common',
    trial: {
      ...cell.trial,
      escape: escape?.kind === 'basin' ? null : escape,
      classify: classify.filter(([, when]) => !/\bquenchloss\b/.test(when)),
      quench: null,
    },
  }
}

/**
 * Drops the drift, mini-batches and all events except escape and convergence. The host tests these two events at given
 * points.
 */
export function eventsCell(cell: Cell): Cell {
  return {
    ...cell,
    landscape: fullBatch(cell.landscape),
    method: { kind: 'direct' },
    update: { ...cell.update, drift: [] },
    trial: { ...cell.trial, marks: [], classify: [], quench: null },
  }
}

export function withSteps(cell: Cell, steps: number): Cell {
  return { ...cell, trial: { ...cell.trial, steps } }
}
