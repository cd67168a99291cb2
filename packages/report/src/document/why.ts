import { stoppedText } from '../table/stoppedText.ts'
import type { WholeCellData } from './cell.ts'

/** What is computed of a cell at the moment. */
export interface CellWork {
  /** Batches that are computed, and that are handed out and not begun. */
  readonly running: number
  readonly waiting: number
  readonly processes: readonly string[]
}

/** Why a cell runs, waits or is done, in a sentence. `now`: null where nobody is there who computes. */
export function whyText(
  { standing, cell, heldBy }: Pick<WholeCellData, 'standing' | 'cell' | 'heldBy'>,
  now: CellWork | null,
): string {
  const { trials, stopped } = cell
  const shared = heldBy.length === 0 ? '' : `; its trials are shared with ${heldBy.map(({ name }) => name).join(', ')}`
  switch (standing) {
    case 'met':
      return stopped === null || stopped.rule === 'trials'
        ? `Done: all ${trials} trials that are asked for are stored${shared}.`
        : `Done: ended by ${stoppedText(stopped)} at ${trials} trials${shared}.`
    case 'max':
      return `Done: it ended at ${trials} trials without its rule being met${shared}.`
    case 'failed':
      return 'Failed: a batch of it was given up; retry computes it again.'
    default:
      break
  }
  if (now === null) return `Not at its end when this was written: it had ${trials} trials and wanted more.`
  const { running, waiting, processes } = now
  if (standing === 'running') {
    const are = running === 1 ? 'is' : 'are'
    return `Running: ${batches(running)} of it ${are} computed by ${processes.join(', ')}${shared}.`
  }
  if (waiting > 0) return `Waiting: ${batches(waiting)} of it ${waiting === 1 ? 'is' : 'are'} handed out and not begun.`
  return trials === 0
    ? 'Waiting: no batch of it is handed out yet.'
    : `Waiting: it wants more than its ${trials} trials${shared}.`
}

const batches = (count: number): string => (count === 1 ? 'one batch' : `${count} batches`)
