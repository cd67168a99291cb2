import { readUpload } from '@driftfarm/database'
import {
  type Action,
  booleanQuery,
  decimalNumber,
  describeShape,
  documents,
  type ResolvedSpec,
  textQuery,
  wholeNumber,
} from '@driftfarm/report'
import { type ControlVerb, specLimits, specText, sweepVerbs } from '@driftfarm/spec'
import type { FastifyReply } from 'fastify'
import * as z from 'zod'
import { type App, type Context, type Routes, refParams } from '../context.ts'
import { ApiError } from '../error.ts'
import { described } from '../openapi.ts'
import { sendDocument } from '../replies.ts'
import { sweepOf } from '../work/thread.ts'

/** Larger specs are refused before they are read. */
export const largestSpec = 1 << 20

/** YAML and JSON are read by the same parser. */
const specTypes = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/x-yaml',
  'text/plain',
  'application/json',
]

const list = <Shape extends z.ZodType>(shape: Shape) =>
  z.union([shape, z.array(shape).max(1000)]).transform((given) => (Array.isArray(given) ? given : [given]))

const pair = (text: string, at: number): readonly [string, string] => [text.slice(0, at), text.slice(at + 1)]

const specQuery = z.object({
  trials: wholeNumber.optional().describe('Trials per cell, instead of the number in the spec.'),
  set: list(textQuery.regex(/^[^=]+=/, 'must be PATH=VALUE'))
    .default([])
    .describe('Values to replace in the spec, as PATH=VALUE.'),
  file: list(textQuery.regex(/^.+:[0-9a-f]{64}$/, 'must be NAME:SHA256'))
    .default([])
    .describe('A file that the spec names, as NAME:SHA256. Upload it to /data/SHA256 first.'),
})
type SpecQuery = z.infer<typeof specQuery>

const planQuery = specQuery.extend({
  pilot: booleanQuery.default(true).describe('Whether to compute a few trials to measure their speed.'),
  width: decimalNumber
    .optional()
    .describe(
      'Width (high - low) of the interval. Given `width` or `relative` without `trials`, the plan computes the ' +
        'number of trials. Given `trials` with `width` or `relative`, the plan computes the confidence. Given ' +
        '`trials` with only `confidence`, `probability` or both, the plan computes the width.',
    ),
  relative: decimalNumber.optional(),
  confidence: decimalNumber.optional(),
  probability: decimalNumber.optional(),
})

export function submitRoutes(app: App, context: Context): void {
  const { farmClient, database, work } = context
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(specTypes, { parseAs: 'buffer', bodyLimit: largestSpec }, (_, body, done) =>
    done(null, body),
  )

  const given = async (body: unknown, query: SpecQuery): Promise<ResolvedSpec> => {
    const text = body instanceof Uint8Array ? specText(body, 'spec') : ''
    if (text.trim() === '')
      throw new ApiError('BAD_REQUEST', 'the body is empty', { hint: 'send the text of a spec, as YAML or JSON' })
    const files = new Map<string, Uint8Array>()
    for (const [name, hash] of query.file.map((file) => pair(file, file.lastIndexOf(':')))) {
      const bytes = await readUpload(database, hash)
      if (bytes === null) throw new ApiError('FILE_MISSING', `the file ${name} has not been uploaded (SHA-256 ${hash})`)
      files.set(name, bytes)
    }
    const set = query.set.map((text) => pair(text, text.indexOf('=')))
    const spec = { text, set, trials: query.trials, files }
    await work.requireSound(spec)
    return { ...spec, sweep: sweepOf(spec) }
  }

  app.post(
    '/sweeps',
    described('submit', {
      summary:
        'Submit a sweep. The status is 201 if the sweep is new, 200 if it already exists, and 409 if the ' +
        'submission would change a sweep that another token submitted.',
      querystring: specQuery,
      answers: documents.Submitted,
      takes: 'the text of a spec, as YAML or JSON',
    }),
    async (request, reply) => {
      const { body, query, caller } = request
      const spec = await given(body, query)
      const submission = await farmClient(caller).submit(spec, { signal: disconnectSignal(reply) })
      const { isNew, warnings, id, name, state, reused, computed } = submission
      if (isNew) reply.header('location', `sweeps/${id}`)
      const data = { sweep: { id, name, state }, ...(reused && { reused }), ...(computed && { computed }) }
      return sendDocument(reply, 'Submitted', data, { status: isNew ? 201 : 200, warnings })
    },
  )

  app.post(
    '/plan',
    described('read', {
      summary: 'Plan a run: return its cells, trials, CPU time and findings. Nothing is stored.',
      querystring: planQuery,
      answers: documents.Plan,
      takes: 'the text of a spec, as YAML or JSON',
    }),
    async ({ body, query }, reply) => {
      const spec = await given(body, query)
      const { pilot, set: _, file: __, ...sizing } = query
      return sendDocument(reply, 'Plan', await farmClient().plan(spec, { pilot, sizing }))
    },
  )

  app.post(
    '/validate',
    described('read', {
      summary: 'Validate a spec. The status is 200 with a summary, or 400 with all mistakes by line and column.',
      querystring: specQuery,
      takes: 'the text of a spec, as YAML or JSON',
    }),
    async ({ body, query }, reply) => {
      const { sweep } = await given(body, query)
      const { name, seed, cellCount, maxTrials } = sweep
      return sendDocument(reply, 'Validated', { name, seed, cells: cellCount, trials: String(maxTrials) })
    },
  )
}

const controlVerbs = Object.keys(sweepVerbs) as ControlVerb[]

const actionBody = z.union([
  z.strictObject({ do: z.enum(controlVerbs) }),
  z.strictObject({ do: z.literal('extend'), trials: z.int().min(1).max(specLimits.trialsPerCell) }),
])

/** A token with role submit may change only its own sweeps; a token with role admin may change all sweeps. */
export const changeRoutes: Routes = (app, { farmClient }) => {
  app.post(
    '/sweeps/:ref/actions',
    described('submit', {
      summary: 'Pause, resume, stop, cancel, retry or extend a sweep. The answer is the new status of the sweep.',
      params: refParams,
      body: actionBody,
      answers: documents.Status,
      status: 202,
    }),
    async ({ params, body, caller }, reply) => {
      const sweep = await farmClient().find(params.ref)
      const { data, warnings } = await farmClient(caller).act(sweep.id, body as Action)
      return sendDocument(reply, 'Status', data, { status: 202, warnings })
    },
  )

  app.patch(
    '/sweeps/:ref',
    described('submit', {
      summary: 'Change the title, the notes or the tags of a sweep. The answer is the status of the sweep.',
      params: refParams,
      body: describeShape,
      answers: documents.Status,
    }),
    async ({ params, body, caller }, reply) => {
      const sweep = await farmClient().find(params.ref)
      return sendDocument(reply, 'Status', await farmClient(caller).describe(sweep.id, body))
    },
  )

  app.delete(
    '/sweeps/:ref',
    described('submit', {
      summary: 'Remove a sweep, and its cells that no other sweep uses. `name` must be the name of the sweep.',
      params: refParams,
      querystring: z.object({ name: textQuery.optional() }),
      answers: documents.Removed,
      status: 202,
    }),
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

/**
 * A signal that aborts if the client closes its connection before it has the answer. It listens to the response, since
 * a connection has many.
 */
function disconnectSignal({ raw }: Pick<FastifyReply, 'raw'>): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new Error('the client closed the connection'))
  })
  return controller.signal
}
