import * as z from 'zod'
import type { Plain } from '../shape.ts'

/**
 * The questions that decide whether the answer of a cell is to be believed, the most serious first. Checks are listed
 * in this order.
 */
export const checkNames = [
  'control',
  'basin',
  'minima',
  'start',
  'stability',
  'resolution',
  'temperature',
  'agreement',
  'events',
  'interval',
  'horizon',
  'diverged',
  'stop',
  'spread',
] as const
export type CheckName = (typeof checkNames)[number]

/**
 * From best to worst. good: nothing to object. note: true and worth knowing, but the number stands. doubtful: the
 * number may mislead. wrong: the number is not about what was asked.
 */
export const verdicts = ['good', 'note', 'doubtful', 'wrong'] as const
export type Verdict = (typeof verdicts)[number]

/** The answer to one question of "should I believe this?". */
export const checkShape = z.strictObject({
  name: z.enum(checkNames),
  verdict: z
    .enum(verdicts)
    .describe('note: true and worth knowing; doubtful: the number may mislead; wrong: it is not about what was asked.'),
  /** The reason, with its numbers. */
  text: z.string(),
  /** Phrased with the keys of a spec; null where nothing needs to be done. */
  mend: z.string().nullable().describe('What to do about it.'),
})

export type Check = Plain<z.infer<typeof checkShape>>

export const check = (name: CheckName, verdict: Verdict, text: string, mend: string | null = null): Check => ({
  name,
  verdict,
  text,
  mend,
})

/** Whether a check is a reason to look again before the number is used. */
export const isDoubt = ({ verdict }: Pick<Check, 'verdict'>): boolean => verdict === 'doubtful' || verdict === 'wrong'
