import * as z from 'zod'
import { memoized } from '../memoized.ts'
import type { Plain } from '../shape.ts'

/** Most serious first. */
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

/** From best to worst. */
export const verdicts = ['good', 'note', 'doubtful', 'wrong'] as const
export type Verdict = (typeof verdicts)[number]

export const checkShape = z.strictObject({
  name: z.enum(checkNames),
  verdict: z
    .enum(verdicts)
    .describe(
      'note: casts no doubt on the estimate. doubtful: the estimate may be misleading. ' +
        'wrong: the estimate does not measure what was requested.',
    ),
  /** The reason for the verdict, with its numbers. */
  text: z.string(),
  /** Settings are named by their keys in a spec. */
  hint: z.string().nullable().describe('How to fix it; null if nothing needs to be done.'),
})

export type Check = Plain<z.infer<typeof checkShape>>

export const check = (name: CheckName, verdict: Verdict, text: string, hint: string | null = null): Check => ({
  name,
  verdict,
  text,
  hint,
})

/** What a check says; its name is that of its entry. */
export type Statement = Omit<Check, 'name'>

export const say = (verdict: Verdict, text: string, hint: string | null = null): Statement => ({ verdict, text, hint })
export const good = (text: string): Statement => say('good', text)
export const note = (text: string, hint: string | null = null): Statement => say('note', text, hint)
export const doubtful = (text: string, hint: string): Statement => say('doubtful', text, hint)
export const wrong = (text: string, hint: string): Statement => say('wrong', text, hint)

export const isDoubt = ({ verdict }: Pick<Check, 'verdict'>): boolean => verdict === 'doubtful' || verdict === 'wrong'

/** The texts of checks that could not be run, because of their cost or an error, begin with this. */
export const notChecked = 'not checked: '

/** Two significant digits, without an exponent even at 100 % or more. */
export const percent = (share: number): string => inPercent(share, 0, 0)
const inPercent = memoized((share) => `${Number((100 * share).toPrecision(2))} %`)

/** Three significant digits. */
export const short = (value: number): string => inShort(value, 0, 0)
const inShort = memoized((value) => String(Number(value.toPrecision(3))))
