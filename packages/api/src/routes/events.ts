import { promptResult } from '@driftfarm/answers'
import { booleanQuery } from '@driftfarm/report'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { type Routes, refParams } from '../context.ts'
import { promptMs } from '../guard/guard.ts'
import type { Feed } from '../live/feed.ts'
import { Watcher } from '../live/watcher.ts'

/** Live updates as server-sent events: `snapshot`, then `delta` for each change, then `end`. */
export const eventRoutes: Routes = (app, { farmClient, feeds }) => {
  app.get(
    '/sweeps/:ref/events',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'Server-sent events of a sweep: first its status and cells, then their changes at most every 0.45 s.',
        params: refParams,
        querystring: z.object({
          cells: booleanQuery.default(true).describe('Whether to send the cells in addition to the status.'),
        }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { id } = await promptResult(() => farmClient().find(request.params.ref), promptMs)
      watch(request, reply, feeds.sweep(id, request.query.cells))
    },
  )

  app.get(
    '/events',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'Server-sent events of all sweeps and the farm: first their status, then the changes.',
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => watch(request, reply, feeds.everything()),
  )
}

function watch({ headers, raw }: FastifyRequest, reply: FastifyReply, feed: Feed): void {
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  const zipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  const watcher = new Watcher(reply.raw, { zipped })
  const seen = headers['last-event-id']
  raw.socket.setTimeout(0)
  reply.raw.once('close', () => feed.remove(watcher))
  feed.add(watcher, typeof seen === 'string' ? seen : null)
}
