import * as z from 'zod'
import type { Plain } from '../shape.ts'

/**
 * What decides whether the answer of a cell is to be believed, worst first: what is said of a cell stands in this
 * order.
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
 * good; note: true and worth knowing, the number stands; doubtful: the number may mislead; wrong: it is not about what
 * was asked. From best to worst.
 */
export const verdicts = ['good', 'note', 'doubtful', 'wrong'] as const
export type Verdict = (typeof verdicts)[number]

/** One answer to "should I believe this?". */
export const checkShape = z.strictObject({
  name: z.enum(checkNames),
  verdict: z
    .enum(verdicts)
    .describe('note: true and worth knowing; doubtful: the number may mislead; wrong: it is not about what was asked.'),
  /** Why, with the numbers. */
  text: z.string(),
  /** In the keys of a spec; null where nothing needs to be done. */
  mend: z.string().nullable().describe('What to do about it.'),
})

export type Check = Plain<z.infer<typeof checkShape>>

export const check = (name: CheckName, verdict: Verdict, text: string, mend: string | null = null): Check => ({
  name,
  verdict,
  text,
  mend,
})

/** Whether a check is reason to look again before the number is used. */
export const isDoubt = ({ verdict }: Check): boolean => verdict === 'doubtful' || verdict === 'wrong'
