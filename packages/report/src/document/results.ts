import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { Demand } from '@driftfarm/spec'
import {
  checkShape,
  count,
  decimal,
  estimateShape,
  findingShape,
  nonNegative,
  type Plain,
  stoppedShape,
} from '@driftfarm/statistics'
import * as z from 'zod'
import { contrastShape } from './contrast.ts'
import { crossingShape } from './crossing.ts'
import { integer, integerShape, originShape, type SweepSummary, sweepShape } from './fields.ts'

const byName = z.record(z.string(), count)

const countsShape = z.strictObject({
  escaped: count.describe('Trials that escaped, whatever their outcome.'),
  ends: z
    .strictObject({ escaped: count, converged: count, diverged: count, undecided: count })
    .describe('Trials by outcome. The counts add up to the number of trials.'),
  exits: byName,
  settled: byName,
  classes: byName,
  marks: byName,
  unreached: z.exactOptional(
    count.describe(
      'Trials for which an event is undecided because a descent ran out of steps; absent if there are none.',
    ),
  ),
})
export type Counts = Plain<z.infer<typeof countsShape>>

export const cellShape = originShape.extend({
  trials: integerShape,
  counts: countsShape,
  /**
   * The keys escape, converge, diverge, exit:NAME, settle:NAME, class:NAME and mark:NAME also occur with a step, as in
   * `escape@100`. The other keys are stay, escapeRate, escapeStep, cost:MARK and joint:ESCAPED,END,SETTLED.
   */
  estimates: z.record(z.string(), estimateShape),
  /** Empty for a cell without trials. */
  checks: z
    .array(checkShape)
    .describe('Results of checks that tell whether the estimates can be trusted. A check may give several results.'),
  stopped: stoppedShape.nullable().describe('The rule that ended the cell; null while trials are pending.'),
  /** Number of steps of all counted trials. */
  steps: decimal,
  cpuSeconds: nonNegative,
  digest: z
    .string()
    .regex(/^mset128:[0-9a-f]{32}$/)
    .describe('Sum of the hashes of all counted trials. Each hash covers index and outcome record of one trial.'),
})
export type CellResult = Plain<z.infer<typeof cellShape>>
/** A cell without its checks. */
export type CellNumbers = Omit<CellResult, 'checks'>

export const resultsShape = z.strictObject({
  sweep: sweepShape,
  cells: z.array(cellShape),
  /** The contrasts whose two cells both have trials; empty if the spec has no `contrasts`. */
  contrasts: z.array(contrastShape),
  crossings: z.exactOptional(
    z
      .array(crossingShape)
      .describe(
        'Crossings of a `threshold`, one entry for each grid line along the `over` path; absent if the spec has no ' +
          '`threshold`.',
      ),
  ),
  findings: z
    .array(findingShape)
    .describe(
      'Findings with a verdict other than `good`, from the checks of the finished cells. Each is listed once, ' +
        'worst first.',
    ),
})
export type ResultsData = Plain<z.infer<typeof resultsShape>>

interface CellParts extends Omit<CellResult, 'trials' | 'counts' | 'steps'> {
  readonly layout: RecordLayout
  readonly tally: Tally
}

/** Builds a cell of the Results document from what the farm stores. */
export function cellResult(parts: CellParts): CellResult {
  const { index, id, params, layout, tally, ...rest } = parts
  const [trials, steps] = [integer(tally.trials), String(tally.steps)]
  return { index, id, params, trials, counts: countsOf(tally, layout), ...rest, steps }
}

function countsOf(tally: Tally, layout: RecordLayout): Counts {
  const [escaped = 0, converged = 0, diverged = 0, undecided = 0] = tally.ends
  const other = tally.settled.at(-1) ?? 0
  return {
    escaped: tally.escaped,
    ends: { escaped, converged, diverged, undecided },
    exits: countsByName(layout.exits, tally.exits),
    settled: {
      ...countsByName(layout.minima, tally.settled),
      ...(layout.minima.length > 0 || other > 0 ? { other } : {}),
    },
    classes: layout.classes.length === 0 ? {} : countsByName([...layout.classes, 'other'], tally.classes),
    marks: countsByName(layout.marks, tally.marks),
    ...(tally.unreached === undefined ? {} : { unreached: tally.unreached }),
  }
}

/** A single exit without a name is left out, because `counts.escaped` already counts it. */
function countsByName(names: readonly string[], counts: readonly number[]) {
  return Object.fromEntries(names.flatMap((name, at) => (name === '' ? [] : [[name, counts[at] ?? 0]])))
}

type Head = Pick<SweepSummary, 'id' | 'name' | 'state' | 'seed'> & {
  readonly demand?: Pick<Demand, 'observe'>
  readonly method?: SweepSummary['method'] | null
}

export function sweepSummary(head: Head, cells: number, trials: bigint): SweepSummary {
  const { id, name, state, seed, demand, method } = head
  const pairs = demand?.observe?.map((each) => [each.name, each.value])
  const observe = pairs === undefined ? {} : { observe: Object.fromEntries(pairs) }
  return { id, name, state, seed, cells, trials: integer(trials), ...(method && { method }), ...observe }
}
