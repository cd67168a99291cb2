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
import type { Envelope } from './envelope.ts'
import { integerShape } from './number.ts'
import { originShape } from './origin.ts'
import { sweepShape } from './sweep.ts'

const byName = z.record(z.string(), count)

const countsShape = z.strictObject({
  escaped: count.describe('Trials that escaped, whatever their end.'),
  ends: z
    .strictObject({ escaped: count, converged: count, diverged: count, undecided: count })
    .describe('One end a trial: they add up to the trials.'),
  exits: byName,
  settled: byName,
  classes: byName,
  marks: byName,
  unreached: z.exactOptional(
    count.describe('Trials of which a descent that ran out of its steps left something undecided; absent for none.'),
  ),
})
export type Counts = Plain<z.infer<typeof countsShape>>

export const cellShape = originShape.extend({
  trials: integerShape,
  counts: countsShape,
  /**
   * Keys are escape, converge, diverge, exit:NAME, settle:NAME, class:NAME and mark:NAME, each also as NAME@STEP; stay;
   * escapeRate, escapeStep; cost:MARK; joint:ESCAPED,END,SETTLED.
   */
  estimates: z.record(z.string(), estimateShape),
  /** Empty for a cell without trials. */
  checks: z.array(checkShape).describe('Should I believe this? Question by question; one may have several answers.'),
  stopped: stoppedShape.nullable().describe('What ended the cell; null while trials are still to come.'),
  /** Steps of all trials that count. */
  steps: decimal,
  cpuSeconds: nonNegative,
  digest: z
    .string()
    .regex(/^mset128:[0-9a-f]{32}$/)
    .describe('Additive hash of (trial, outcome record) over the trials that count.'),
})
export type CellResult = Plain<z.infer<typeof cellShape>>
/** A cell without what its numbers are worth. */
export type CellNumbers = Omit<CellResult, 'checks'>

export const resultsShape = z.strictObject({
  sweep: sweepShape,
  cells: z.array(cellShape),
  /** Empty without `contrasts` in the spec. Lists those whose two cells have trials. */
  contrasts: z.array(contrastShape),
  crossings: z.exactOptional(
    z.array(crossingShape).describe('Of a `threshold`, line by line; absent where none is asked for.'),
  ),
  findings: z
    .array(findingShape)
    .describe('What the checks of all cells say beside what is good: each once, worst first.'),
})
export type ResultsData = Plain<z.infer<typeof resultsShape>>
export type ResultsDocument = Envelope<'Results', ResultsData>
