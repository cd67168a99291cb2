import { count, nonNegative, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { renderFacts, renderRecords, type TableOptions, uncoloured } from '../format/table.ts'
import { define } from './define.ts'
import { idShape, integerShape, realShape } from './fields.ts'

export const replayedShape = {
  id: idShape.describe('Cell id.'),
  stored: z
    .enum(['equal', 'not kept'])
    .describe('equal: the stored record equals the recomputed one. not kept: no record is stored.'),
  engines: z
    .array(z.enum(['wasm', 'reference']))
    .describe(
      'Engines that recomputed the record; their results are identical bit for bit. The reference engine is left out ' +
        'if it would take too long.',
    ),
}

/** Says whether the recomputed record equals the stored record. */
export function replayText({ stored, engines, control, controlTrials }: ReplayRemarks): string {
  if (control === true) return controlRemark(stored, controlTrials)
  const both = engines.includes('reference')
  const computed = both
    ? 'WebAssembly and the reference engine agree bit for bit'
    : 'computed by WebAssembly only: the reference engine would take too long'
  if (stored === 'equal') return `equals the stored record bit for bit${both ? '' : `; ${computed}`}`
  return `no stored record to compare with; ${computed}`
}

function controlRemark(stored: ReplayRemarks['stored'], trials: number | undefined): string {
  if (trials === undefined) return 'trial of the control run; no trial of the control run is stored for this cell'
  const compared = trials === 1 ? 'its only trial' : `its ${trials} trials`
  const absent = stored === 'equal' ? '' : ', but this trial is not among them'
  return `trial of the control run: the recomputed digest of ${compared} equals the stored digest${absent}`
}

/** The table has one line for each mark and each exit, with a name such as `mark NAME`. */
const maps = { marks: 'mark', exits: 'exit', observed: 'observed' } as const

/** Fields that have no line of their own. */
const elsewhere = new Set(['id', 'stored', 'control', 'ladder', 'engines', 'controlTrials', ...Object.keys(maps)])

export function replayedTable(
  record: { readonly id: string; readonly stored: string } & Readonly<Record<string, unknown>>,
  options?: TableOptions,
): string {
  const fields = Object.entries(record).filter(([name]) => !elsewhere.has(name))
  const named = Object.entries(maps).flatMap(([key, noun]) =>
    Object.entries(Object(record[key]) as object).map(([name, value]) => [`${noun} ${name}`, value] as const),
  )
  const lines = [...fields, ...named].map(([name, value]) => [name, value ?? '-'])
  return renderFacts(options, [['cell id', record.id], ...lines])
}

const stepShape = integerShape.nullable().describe('null: the event never happened.')

/** One trial, with the columns of `results --rows` and of the view `trial`. */
export const trialShape = z.strictObject({
  cell: count.describe('Index of the cell in its sweep.'),
  trial: integerShape,
  end: z.enum(['escaped', 'converged', 'diverged', 'undecided']),
  /** Null if the trial took no exit, or if the escape has no named exits. */
  exit: z.string().nullable(),
  settled: z.string().nullable().describe('The minimum in which the trial settled, or `other`.'),
  class: z.string().nullable(),
  escaped_at: stepShape,
  converged_at: stepShape,
  steps: integerShape,
  loss: realShape.describe('Loss at the last theta.'),
  distance: realShape.describe('Distance of the last theta from the start.'),
  marks: z.record(z.string(), stepShape).describe('For each mark, the first step at which its condition held.'),
})

const replayedTrialShape = trialShape.extend({
  ...replayedShape,
  observed: z.exactOptional(
    z
      .record(z.string(), realShape.nullable())
      .describe('Observed values, without series; NaN for a value that is not finite, null if the trial has none.'),
  ),
  control: z.exactOptional(
    z
      .literal(true)
      .describe(
        'Present for a trial of the control run, which has no injected noise. The trials of this run are not ' +
          'stored, only their digest. The recomputed digest equals the stored one, so `stored` is "equal" for each ' +
          'trial that the digest covers.',
      ),
  ),
  controlTrials: z.exactOptional(
    count.describe('Number of trials that the stored digest of the control run covers; absent without a digest.'),
  ),
})
type ReplayRemarks = Pick<Plain<z.infer<typeof replayedTrialShape>>, 'stored' | 'engines' | 'control' | 'controlTrials'>

/** What `replay` prints for a direct cell. */
export const trial = define('Trial', replayedTrialShape, { table: replayedTable })

/** One trial of a tilt, with the columns of `results --rows` and of the view `weighted`. */
export const weightedShape = z.strictObject({
  cell: trialShape.shape.cell,
  trial: integerShape,
  value: realShape.describe('Importance weight of the trial if it escaped, else 0.'),
  log_ratio: realShape.describe(
    "Logarithm of a ratio of densities: the density of the trial's noise under the tilt, divided by its density " +
      'under the original distribution.',
  ),
  exit: trialShape.shape.exit,
  escaped_at: stepShape,
  steps: integerShape,
})

/** What `replay` prints for a tilt. */
export const weighted = define('Weighted', weightedShape.extend(replayedShape), { table: replayedTable })

/** One replica of a splitting cell, with the columns of `results --rows` and of the view `replica`. */
export const replicaShape = z.strictObject({
  cell: trialShape.shape.cell,
  replica: count,
  estimate: nonNegative.describe('Estimate of the probability of escape; 0 if all particles died out.'),
  weight: share.describe('Product of the shares of particles that survived, one share for each level.'),
  levels: count.describe('Number of levels at which particles were killed.'),
  escaped: count.describe('Number of particles that escaped.'),
  steps: integerShape.describe('Steps computed, over all particles.'),
  exits: z.record(z.string(), count).describe('Number of particles that took each named exit.'),
})

const replayedReplicaShape = replicaShape.extend({
  ladder: z
    .array(
      z.strictObject({
        score: z.number().describe('Particles whose scores never exceeded this value were killed.'),
        killed: count,
        weight: share.describe(
          'Product of the shares of particles that survived, one share for each level up to and including this one.',
        ),
      }),
    )
    .describe('The levels, ascending.'),
  ...replayedShape,
})
type ReplayedReplica = Plain<z.infer<typeof replayedReplicaShape>>

/** What `replay` prints for a splitting cell. */
export const replica = define('Replica', replayedReplicaShape, {
  table: (data, options) =>
    replayedTable(data, options) + (data.ladder.length === 0 ? '' : `\n${ladderTable(data.ladder, options)}`),
})

const shownLevels = 10

function ladderTable(ladder: ReplayedReplica['ladder'], options?: TableOptions): string {
  const rows = ladder.map(({ score, killed, weight }, i) => [i + 1, score, killed, weight] as const)
  const long = rows.length > 2 * shownLevels + 1
  const shown = long
    ? [...rows.slice(0, shownLevels), ['..', '..', '..', '..'] as const, ...rows.slice(-shownLevels)]
    : rows
  return renderRecords(['level', 'score', 'killed', 'weight'], shown, uncoloured(options))
}
