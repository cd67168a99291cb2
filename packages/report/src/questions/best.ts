import * as z from 'zod'
import { aboutSweep, textQuery } from '../addressShapes.ts'
import type { WithWarnings } from '../document/define.ts'
import type { DocumentData } from '../documents.ts'
import { type AnswerForm, documentWithWarnings, plain, question } from '../question.ts'

/** Returned if no cell of the sweep has the estimate. `known` lists the estimates that exist. */
export interface NoSuchEstimate {
  readonly known: readonly string[]
}

const found = documentWithWarnings('Best')
const notFound = plain<NoSuchEstimate>('NoSuchEstimate')
const form: AnswerForm<WithWarnings<DocumentData<'Best'>> | NoSuchEstimate> = {
  published: 'Best',
  send: (answer) => ('known' in answer ? notFound.send(answer) : found.send(answer)),
  received: 'foundOrReason',
}

export const best = question({
  path: '/sweeps/:sweep/best',
  summary: 'The cell in which an estimate is largest or smallest.',
  input: aboutSweep.extend({ of: textQuery, direction: z.enum(['max', 'min']).default('max') }),
  form,
  inFile: (file) => file.lacks('the counts needed for the interval of the best cell'),
})
