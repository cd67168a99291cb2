import * as z from 'zod'
import { aboutCell, booleanQuery } from '../addressShapes.ts'
import type { DocumentData } from '../documents.ts'
import { type AnswerForm, question } from '../question.ts'

/** One trial or replica, recomputed. An error is thrown if it differs from the stored record. */
export type ReplayResult = {
  readonly [Kind in 'Trial' | 'Replica' | 'Weighted']: {
    readonly kind: Kind
    readonly data: DocumentData<Kind>
  }
}['Trial' | 'Replica' | 'Weighted']

const form: AnswerForm<ReplayResult> = {
  published: 'Trial',
  send: (answer) => ({ ...answer, warnings: [] }),
  received: 'kindAndData',
}

/** The method of the cell sets the valid range, so the answer checks it, and not this shape. */
const trial = z
  .string()
  .regex(/^-?\d{1,16}$/, 'must be a whole number')
  .transform(Number)

export const replay = question({
  path: '/sweeps/:sweep/cells/:cell/trials/:trial',
  summary: 'Replay one trial or replica, and compare it with its recorded row.',
  input: aboutCell.extend({
    trial,
    control: booleanQuery.default(false).describe('Replay a trial of the control run, which has no injected noise.'),
  }),
  form,
  inFile: (file) => file.lacks('the outcomes of single trials'),
})
