import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText, short } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import { define } from './define.ts'
import { sweepShape } from './fields.ts'

/** A stored submission names at most this many of its sources. */
export const maxSources = 5

export const reusedShape = z
  .strictObject({
    cells: count.describe('Cells that already have stored trials.'),
    trials: decimal.describe('Requested trials that are already stored and need not be computed.'),
    extended: count.describe(
      'Cells whose results may have been seen before this sweep was submitted. Their intervals are wider, ' +
        'since they must be valid at any number of trials.',
    ),
    from: z.exactOptional(
      z
        .strictObject({ count, sweeps: z.array(sweepShape.pick({ id: true, name: true })) })
        .describe(
          `Sweeps that requested these trials. \`sweeps\` has at most ${maxSources} of them that still exist: ` +
            'those that contain the most of the cells first.',
        ),
    ),
  })
  .describe('Stored trials that a new sweep reuses from other sweeps with the same cells; absent if there are none.')
export type ReusedData = Plain<z.infer<typeof reusedShape>>

export const computedShape = z
  .strictObject({
    cells: count.describe('Cells with missing trials.'),
    trials: decimal.describe('Missing trials; an upper limit if there is a stopping rule or a search.'),
  })
  .describe('What the farm has to compute.')
export type ComputedData = Plain<z.infer<typeof computedShape>>

/** What `run --detach` prints. */
export const submitted = define(
  'Submitted',
  z.strictObject({
    sweep: sweepShape.pick({ id: true, name: true, state: true }),
    reused: z.exactOptional(reusedShape),
    computed: z.exactOptional(computedShape),
  }),
  { table: ({ sweep }) => `${sweep.name} ${sweep.id} ${sweep.state}\n` },
)

/** Messages about reused trials and those that are left to compute; none if `reused` is null. */
export function reusedLines(reused: ReusedData | null, computed: ComputedData | null): readonly string[] {
  if (reused === null) return []
  const { cells, trials, extended } = reused
  return texts(
    `other sweeps have already stored ${trials} of the requested trials, in ${countText(cells, 'cell')}; ` +
      `these trials are reused${fromText(reused)}`,
    computed !== null && computedText(computed),
    extended > 0 && widerText(extended),
  )
}

/** `800 trials in 2 cells, from fine, coarse and 3 other sweeps` */
export const reusedText = (reused: ReusedData): string =>
  `${short(BigInt(reused.trials))} trials in ${countText(reused.cells, 'cell')}${fromText(reused)}`

/** The sources of reused trials, beginning with a comma; empty if they are unknown. `own` is the id of this sweep. */
export function fromText({ from }: ReusedData, own?: string): string {
  if (from === undefined || from.count === 0) return ''
  const names = from.sweeps.map(({ id, name }) => (id === own ? 'this sweep' : name))
  return `, from ${new Intl.ListFormat('en-GB').format([...names, ...unlistedText(from)])}`
}

/** The sources of reused trials that are not listed, in words. */
export function unlistedText({ count, sweeps }: NonNullable<ReusedData['from']>): readonly string[] {
  const first = Math.min(count, maxSources)
  return texts(
    count > first && countText(count - first, 'other sweep'),
    first > sweeps.length && countText(first - sweeps.length, 'removed sweep'),
  )
}

export const computedText = (computed: ComputedData): string =>
  computed.cells === 0 ? 'all trials are stored' : `left to compute: ${toComputeText(computed)}`

export const toComputeText = ({ cells, trials }: ComputedData): string =>
  cells === 0 ? 'no trials' : `${short(BigInt(trials))} trials in ${countText(cells, 'cell')}`

export const widerText = (cells: number): string =>
  `the results of ${countText(cells, 'cell')} may already have been seen, so their intervals are wider: ` +
  'they hold at any number of trials (beta-binomial)'
