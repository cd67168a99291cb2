import { cellOf } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import * as z from 'zod'
import { answer, answerPlain } from '../answer.ts'
import type { Routes } from '../context.ts'
import { cellList, cellParams, refParams, wholeNumber, words, yes } from '../shapes.ts'

/** Which numbers a cell has trials of is for its method to say, in the words that a command has too. */
const trialNumber = z
  .string()
  .regex(/^-?\d{1,16}$/, 'is no whole number')
  .transform(Number)
const trialParams = cellParams.extend({ trial: trialNumber })

/** One cell: what is known of it, its trials again, exact answers. */
export const cellRoutes: Routes = (app, { desk, database }) => {
  app.get(
    '/sweeps/:ref/cells/:cell',
    {
      schema: {
        summary: 'One cell with all that is known of it.',
        params: cellParams,
        answers: documents.Cell,
      },
    },
    async ({ params }, reply) => {
      const { id } = await desk().find(params.ref)
      return answer(reply, 'Cell', await desk().cell(id, params.cell))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/trials/:trial',
    {
      schema: {
        summary: 'One trial, or replica, computed again and compared with what is kept of it.',
        params: trialParams,
        querystring: z.object({ control: yes.default(false).describe('Of the control: the cell without its noise.') }),
        answers: documents.Trial,
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await desk().find(params.ref)
      const { kind, data } = await desk().replay(id, params.cell, params.trial, query)
      return answer(reply, kind, data as never)
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/trials/:trial/trajectory',
    {
      schema: {
        summary: 'One trial step by step: at most 2,000 of its states, evenly spread.',
        params: cellParams.extend({ trial: wholeNumber }),
      },
    },
    async ({ params }, reply) => {
      const { id } = await desk().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return answerPlain(reply, 'Paths', await desk().paths(id, index, [params.trial]))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/rows',
    {
      schema: {
        summary: 'The first rows of it that are kept.',
        params: cellParams,
        querystring: z.object({
          count: wholeNumber.refine((count) => count >= 1 && count <= 1000, 'is not from 1 to 1000').default(100),
        }),
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await desk().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return answerPlain(reply, 'Rows', await desk().keptRows(id, index, query.count))
    },
  )

  app.get(
    '/sweeps/:ref/paths',
    {
      schema: {
        summary: 'Trials of a cell step by step, with the landscape about them.',
        params: refParams,
        querystring: z.object({ cell: wholeNumber, trials: cellList }),
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await desk().find(params.ref)
      return answerPlain(reply, 'Paths', await desk().paths(id, query.cell, query.trials))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/exact',
    {
      schema: {
        summary: 'Exact values and asymptotic laws of a cell. Computed once, and kept.',
        params: cellParams,
        answers: documents.Oracle,
      },
    },
    async ({ params }, reply) => {
      const { id } = await desk().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return answer(reply, 'Oracle', await desk().exact(id, [index]))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/theorem',
    {
      schema: {
        summary: 'What Theorem 1 says of a cell, beside what was measured. Computed once, and kept.',
        params: cellParams,
        answers: documents.Theorem,
      },
    },
    async ({ params }, reply) => {
      const { id } = await desk().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return answer(reply, 'Theorem', await desk().theorem(id, [index]))
    },
  )

  app.get(
    '/sweeps/:ref/convergence',
    {
      schema: {
        summary: 'How the interval of an event became narrower in cells.',
        params: refParams,
        querystring: z.object({ of: words.default('escape'), cells: cellList }),
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await desk().find(params.ref)
      return answerPlain(reply, 'Convergence', await desk().convergence(id, query.of, query.cells))
    },
  )
}
