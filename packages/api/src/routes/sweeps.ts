import { documents, type SweepListData } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import * as z from 'zod'
import type { Routes } from '../context.ts'
import { sendDocument, sendPlain } from '../sendDocument.ts'
import { pageQuery, refParams, textQuery } from '../shapes.ts'

const listQuery = pageQuery.extend({
  state: z.enum(sweepStateNames).optional(),
  name: textQuery.optional().describe('Only sweeps whose name contains this text.'),
  tag: textQuery.optional().describe('Only sweeps with this tag, as KEY or KEY:VALUE.'),
})

export const sweepRoutes: Routes = (app, { farmClient }) => {
  app.get(
    '/sweeps',
    { schema: { summary: 'List of sweeps, newest first.', querystring: listQuery, answers: documents.SweepList } },
    async ({ query }, reply) => {
      const { sweeps } = await farmClient().sweeps()
      const { page, next } = pageOf(sweeps, query)
      if (next !== null) reply.header('link', `<?${new URLSearchParams({ ...plain(query), after: next })}>; rel="next"`)
      return sendDocument(reply, 'SweepList', { sweeps: page })
    },
  )

  app.get(
    '/sweeps/:ref',
    { schema: { summary: 'Status of a sweep.', params: refParams, answers: documents.Status } },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return sendDocument(reply, 'Status', await farmClient().status(id))
    },
  )

  app.get(
    '/sweeps/:ref/namesakes',
    {
      schema: {
        summary: 'The sweeps that share the name of this sweep, and the settings in which they differ.',
        params: refParams,
      },
    },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return sendPlain(reply, 'Namesakes', await farmClient().namesakes(id))
    },
  )

  app.get(
    '/sweeps/:ref/spec',
    { schema: { summary: 'The spec as it was submitted, and the time of its submission.', params: refParams } },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return sendPlain(reply, 'Origins', await farmClient().origins(id))
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

const plain = (query: Query): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
