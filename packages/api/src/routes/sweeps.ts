import { documents, type SweepListData, textQuery, wholeNumber } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import * as z from 'zod'
import type { Routes } from '../context.ts'
import { described } from '../openapi.ts'
import { sendDocument } from '../replies.ts'

const listQuery = z.object({
  limit: wholeNumber.refine((limit) => limit >= 1 && limit <= 1000, 'must be from 1 to 1000').optional(),
  after: textQuery
    .optional()
    .describe('Key of the last entry of the previous page. The header `Link` of that page contains this key.'),
  state: z.enum(sweepStateNames).optional(),
  name: textQuery.optional().describe('Only sweeps whose name contains this text.'),
  tag: textQuery.optional().describe('Only sweeps with this tag, as KEY or KEY:VALUE.'),
})

export const sweepRoutes: Routes = (app, { farmClient }) => {
  app.get(
    '/sweeps',
    described('read', {
      summary: 'List of sweeps, newest first.',
      querystring: listQuery,
      answers: documents.SweepList,
    }),
    async ({ query }, reply) => {
      const { sweeps } = await farmClient().sweeps()
      const { page, next } = pageOf(sweeps, query)
      if (next !== null) reply.header('link', `<?${queryText({ ...query, after: next })}>; rel="next"`)
      return sendDocument(reply, 'SweepList', { sweeps: page })
    },
  )
}

type Listed = SweepListData['sweeps'][number]
type Query = z.infer<typeof listQuery>

function pageOf(sweeps: readonly Listed[], { state, name, tag, limit, after }: Query) {
  const [key, value] = tag?.split(':') ?? []
  const found = sweeps.filter(
    (sweep) =>
      (state === undefined || sweep.state === state) &&
      (name === undefined || sweep.name.includes(name)) &&
      (key === undefined || (key in sweep.tags && (value === undefined || sweep.tags[key] === value))),
  )
  const from = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1
  const to = limit === undefined ? found.length : from + limit
  return { page: found.slice(from, to), next: to < found.length ? found[to - 1]!.id : null }
}

function queryText(query: Query): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
}
