import { cellOf } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import * as z from 'zod'
import type { Routes } from '../context.ts'
import { sendDocument, sendPlain } from '../sendDocument.ts'
import { booleanQuery, cellList, cellParams, refParams, textQuery, wholeNumber } from '../shapes.ts'

/**
 * The valid range depends on the method of the cell. The farm client checks this range, so a request and the command
 * `replay` report the same error.
 */
const trialNumber = z
  .string()
  .regex(/^-?\d{1,16}$/, 'must be a whole number')
  .transform(Number)
const trialParams = cellParams.extend({ trial: trialNumber })

export const cellRoutes: Routes = (app, { farmClient, database }) => {
  app.get(
    '/sweeps/:ref/cells/:cell',
    {
      schema: {
        summary: 'One cell with its results, checks and status.',
        params: cellParams,
        answers: documents.Cell,
      },
    },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return sendDocument(reply, 'Cell', await farmClient().cell(id, params.cell))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/trials/:trial',
    {
      schema: {
        summary: 'Replay one trial or replica, and compare it with its recorded row.',
        params: trialParams,
        querystring: z.object({
          control: booleanQuery
            .default(false)
            .describe('Replay a trial of the control run, which has no injected noise.'),
        }),
        answers: documents.Trial,
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const { kind, data } = await farmClient().replay(id, params.cell, params.trial, query)
      return sendDocument(reply, kind, data as never)
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/trials/:trial/trajectory',
    {
      schema: {
        summary: 'The path of one trial: at most 2,000 of its states, evenly spaced.',
        params: cellParams.extend({ trial: wholeNumber }),
      },
    },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return sendPlain(reply, 'Paths', await farmClient().paths(id, index, [params.trial]))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/rows',
    {
      schema: {
        summary: 'The first recorded rows of a cell.',
        params: cellParams,
        querystring: z.object({
          count: wholeNumber.refine((count) => count >= 1 && count <= 1000, 'must be from 1 to 1000').default(100),
        }),
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return sendPlain(reply, 'Rows', await farmClient().keptRows(id, index, query.count))
    },
  )

  app.get(
    '/sweeps/:ref/paths',
    {
      schema: {
        summary: 'The paths of several trials of a cell, with the landscape around them.',
        params: refParams,
        querystring: z.object({ cell: wholeNumber, trials: cellList }),
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return sendPlain(reply, 'Paths', await farmClient().paths(id, query.cell, query.trials))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/exact',
    {
      schema: {
        summary: 'Exact values and asymptotic formulas of a cell, computed once and then stored.',
        params: cellParams,
        answers: documents.Oracle,
      },
    },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return sendDocument(reply, 'Oracle', await farmClient().exact(id, [index]))
    },
  )

  app.get(
    '/sweeps/:ref/cells/:cell/theorem',
    {
      schema: {
        summary:
          'The bounds of Theorem 1 on staying near the minimum, for one cell, beside the estimate. The bounds are ' +
          'computed once and then stored.',
        params: cellParams,
        answers: documents.Theorem,
      },
    },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const { index } = await cellOf(database, id, params.cell)
      return sendDocument(reply, 'Theorem', await farmClient().theorem(id, [index]))
    },
  )

  app.get(
    '/sweeps/:ref/convergence',
    {
      schema: {
        summary: 'How the interval of an estimate narrowed with the number of trials, for the given cells.',
        params: refParams,
        querystring: z.object({ of: textQuery.default('escape'), cells: cellList }),
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return sendPlain(reply, 'Convergence', await farmClient().convergence(id, query.of, query.cells))
    },
  )
}
