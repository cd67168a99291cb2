import * as z from 'zod'
import { renderFacts } from '../format/table.ts'
import { define } from './define.ts'

const doctorShape = z.strictObject({
  healthy: z.boolean(),
  findings: z.array(
    z.strictObject({
      what: z.string(),
      good: z.boolean().describe('False: action is needed.'),
      state: z
        .enum(['good', 'absent', 'due', 'bad'])
        .describe('absent: not created yet, which is expected. due: a command has to be run first.'),
      found: z.string(),
      hint: z.string().nullable(),
    }),
  ),
})

const marks = { good: 'ok', absent: 'ok', due: 'TODO', bad: 'FAIL' } as const

export const doctor = define('Doctor', doctorShape, {
  table: ({ findings }, options) =>
    renderFacts(
      options,
      findings.map(({ what, state, found, hint }) => [
        marks[state],
        what,
        hint === null ? found : `${found} (${hint})`,
      ]),
    ),
})
