import { type Action, documents, textQuery } from '@driftfarm/report'
import { type ControlVerb, specLimits, sweepVerbs } from '@driftfarm/spec'
import * as z from 'zod'
import { type Routes, refParams } from '../context.ts'
import { ApiError } from '../error.ts'
import { sendDocument } from '../sendDocument.ts'

const controlVerbs = Object.keys(sweepVerbs) as ControlVerb[]

const actionBody = z.union([
  z.strictObject({ do: z.enum(controlVerbs) }),
  z.strictObject({ do: z.literal('extend'), trials: z.int().min(1).max(specLimits.trialsPerCell) }),
])

/** A token with role submit may change only its own sweeps; a token with role admin may change all sweeps. */
export const actionRoutes: Routes = (app, { farmClient }) => {
  app.post(
    '/sweeps/:ref/actions',
    {
      config: { role: 'submit' },
      schema: {
        summary: 'Pause, resume, stop, cancel, retry or extend a sweep. The answer is the new status of the sweep.',
        params: refParams,
        body: actionBody,
        answers: documents.Status,
        status: 202,
      },
    },
    async ({ params, body, caller }, reply) => {
      const sweep = await farmClient().find(params.ref)
      const { data, warnings } = await farmClient(caller).act(sweep.id, body as Action)
      return sendDocument(reply, 'Status', data, { status: 202, warnings })
    },
  )

  app.delete(
    '/sweeps/:ref',
    {
      config: { role: 'submit' },
      schema: {
        summary: 'Remove a sweep, and its cells that no other sweep uses. `name` must be the name of the sweep.',
        params: refParams,
        querystring: z.object({ name: textQuery.optional() }),
        answers: documents.Removed,
        status: 202,
      },
    },
    async ({ params, query, caller }, reply) => {
      const sweep = await farmClient().find(params.ref)
      if (query.name !== sweep.name)
        throw new ApiError(
          'NAME_NEEDED',
          query.name === undefined
            ? `to remove the sweep ${sweep.name}, its name must be given`
            : `the name of the sweep is ${sweep.name}`,
        )
      return sendDocument(reply, 'Removed', await farmClient(caller).remove(sweep.id), { status: 202 })
    },
  )
}
