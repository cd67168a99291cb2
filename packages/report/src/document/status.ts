import { isLive } from '@driftfarm/spec'
import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText, percent, short } from '../format/quantity.ts'
import { renderFacts, type TableOptions } from '../format/table.ts'
import { define } from './define.ts'
import {
  descriptionKeys,
  idShape,
  methodShape,
  precisionText,
  precisionTitle,
  stateShape,
  unitsOf,
  widestShape,
} from './fields.ts'
import { reusedShape, reusedText } from './submitted.ts'

export const farmShape = z.strictObject({
  state: z
    .enum(['works', 'queue', 'leaderless', 'workerless', 'kernel', 'elsewhere', 'full', 'unreachable', 'silent'])
    .describe(
      'works: nothing is wrong. queue: the queue does not answer the coordinators or the workers. leaderless: no ' +
        'coordinator reports. workerless: no worker reports. kernel: the kernel versions of coordinators and workers ' +
        'differ. elsewhere: the workers use another queue. full: the disk of the database or the memory of Redis is ' +
        'full. unreachable: the database does not answer. silent: the server at DRIFTFARM_URL does not answer ' +
        '(reported by the client).',
    ),
  words: z
    .string()
    .describe('What is wrong, since when, and the command that fixes it, if there is one. Empty if nothing is wrong.'),
})
export type FarmData = Plain<z.infer<typeof farmShape>>

/** What a planned or running sweep is doing, in words. They are empty if the state says it. */
const phases = {
  planning: 'preparing the first batches',
  waiting: 'waiting for a free thread',
  compiling: 'compiling the first batches',
  running: '',
  settling: 'merging and checking results',
} as const
type Phase = keyof typeof phases

export const statusShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  phase: z
    .enum(Object.keys(phases) as [Phase, ...Phase[]])
    .nullable()
    .optional()
    .describe(
      'planning: no batch is dispatched yet. waiting: batches wait, and no thread computes one. compiling: threads ' +
        'compile and compute the first batches. running: threads compute further batches. settling: the dispatched ' +
        'batches are finished, and their results are merged and checked. null: the sweep is neither planned nor ' +
        'running.',
    ),
  reason: z.string().nullable().describe('Why the sweep is in this state; null if the state needs no explanation.'),
  cells: z.strictObject({
    done: count,
    open: count,
    failed: count,
    unvisited: z.exactOptional(count.describe('Those of `done` that a search for a threshold has left out.')),
  }),
  trials: z
    .strictObject({ done: decimal, requested: decimal })
    .describe(
      'done: trials that are counted in the results. requested: requested trials, an upper limit if there is a ' +
        'stopping rule.',
    ),
  batches: z.strictObject({ ready: count, leased: count, done: count, failed: count }),
  events: decimal.describe('Escapes so far. A replica of splitting counts if any of its particles escapes.'),
  method: z.exactOptional(methodShape),
  steps: decimal.describe('Steps so far.'),
  worst: widestShape.describe('The cell with the widest interval relative to the estimate.'),
  ...descriptionKeys,
  tags: z.exactOptional(z.record(z.string(), z.string())),
  stopsByRule: z.boolean(),
  rulesUnmet: count.describe(
    'Cells that reached their maximum number of trials, or ended when the budget was spent, before they met a ' +
      'stopping rule.',
  ),
  workers: count,
  threads: count,
  farm: farmShape
    .nullable()
    .describe(
      'Whether the farm can continue with the sweep. null if the sweep does not wait for a farm: it is finished ' +
        'or paused, or a `run` process computes it.',
    ),
  reused: z.exactOptional(reusedShape),
})
export type StatusData = Plain<z.infer<typeof statusShape>>

export function phaseOf({ state, trials, batches }: Pick<StatusData, 'state' | 'trials' | 'batches'>): Phase | null {
  if (!isLive(state)) return null
  if (batches.leased > 0) return trials.done === '0' ? 'compiling' : 'running'
  if (batches.ready > 0) return 'waiting'
  return state === 'planned' ? 'planning' : 'settling'
}

/** What a planned or running sweep is doing; '' if its state says it. */
export const phaseText = ({ phase }: Pick<StatusData, 'phase'>): string => phases[phase ?? 'running']

/** The state with what the sweep is doing, such as `planned, waiting for a free thread`. */
export const stateText = (status: Pick<StatusData, 'state' | 'phase'>): string =>
  [status.state, phaseText(status)].filter((text) => text !== '').join(', ')

/** What `status SWEEP`, `pause`, `resume`, `stop`, `cancel`, `retry` and `extend` print. */
export const status = define('Status', statusShape, { table: statusTable })

export const unvisitedText = (cells: number): string =>
  cells === 0 ? '' : `, ${short(cells)} not visited by the search`

function statusTable(data: StatusData, options?: TableOptions): string {
  const { name, id, reason, farm, workers, threads, cells, trials, batches, events, worst, stopsByRule, reused } = data
  const { title, notes, precision, method } = data
  const { unvisited = 0 } = cells
  const atMost = stopsByRule ? 'at most ' : ''
  const state = stateText(data)
  return renderFacts(options, [
    ['sweep', `${name} (${id})`],
    title !== undefined && ['title', title],
    notes !== undefined && ['notes', notes],
    ['state', reason === null ? state : `${state}: ${reason}`],
    farm !== null && ['farm', farm.words || `${countText(workers, 'worker')}, ${countText(threads, 'thread')}`],
    ['cells', `${cells.done - unvisited} done, ${cells.open} open, ${cells.failed} failed${unvisitedText(unvisited)}`],
    [unitsOf(method), `${short(BigInt(trials.done))} of ${atMost}${short(BigInt(trials.requested))}`],
    ['batches', `${batches.done} done, ${batches.leased} running, ${batches.ready} waiting, ${batches.failed} failed`],
    method === undefined && ['events', events],
    reused !== undefined && ['reused', reusedText(reused)],
    precision !== undefined && [precisionTitle.toLowerCase(), precisionText(precision)],
    precision === undefined &&
      worst !== null && ['widest interval', `±${percent(worst.relative)} (cell ${worst.cell})`],
  ])
}
