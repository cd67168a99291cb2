import {
  documents,
  type FarmClient,
  type Input,
  type Question,
  type QuestionName,
  questions,
  sweepShape,
} from '@driftfarm/report'
import * as z from 'zod'
import type { App, Context } from '../context.ts'
import { described } from '../openapi.ts'
import { sendDocument } from '../replies.ts'

/** A route for each question. The list of sweeps has its own route, which sends it in pages. */
export function questionRoutes(app: App, context: Context): void {
  for (const name of Object.keys(questions) as QuestionName[]) if (name !== 'sweeps') questionRoute(app, context, name)
}

function questionRoute(app: App, { farmClient, streams }: Context, name: QuestionName): void {
  const { path, summary, input, form, takes }: Question<z.ZodObject, unknown> = questions[name]
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, key]) => key!)
  const inQuery = Object.keys(input.shape).filter((key) => !inPath.includes(key))
  // The published name of the sweep in a path is `ref`.
  const params = z.object(Object.fromEntries(inPath.map((key) => [key === 'sweep' ? 'ref' : key, input.shape[key]!])))
  const querystring = z.object(Object.fromEntries(inQuery.map((key) => [key, input.shape[key]!])))
  app.get(
    path.replace(':sweep', ':ref'),
    described('read', {
      summary,
      ...(inPath.length === 0 ? {} : { params }),
      ...(inQuery.length === 0 ? {} : { querystring }),
      ...(form.published === null ? {} : { answers: documents[form.published] }),
    }),
    async (request, reply) => {
      const { ref: sweep, ...others } = request.params as Record<string, unknown>
      const given = { ...others, ...(sweep === undefined ? {} : { sweep }), ...(request.query as object) }
      const asked = await withIds(farmClient(), input, given)
      const ask = () => (farmClient()[name] as (input: Input<QuestionName>) => Promise<unknown>)(asked)
      const { kind, data, warnings } = form.send(await (takes === 'long' ? streams(ask) : ask()))
      return sendDocument(reply, kind, data, { warnings })
    },
  )
}

/** Replaces the names of sweeps by their ids. */
async function withIds(farmClient: FarmClient, { shape }: z.ZodObject, given: Readonly<Record<string, unknown>>) {
  const found = { ...given }
  for (const [key, value] of Object.entries(given)) {
    const own = shape[key]
    const isSweep = own === sweepShape || (own instanceof z.ZodOptional && own.unwrap() === sweepShape)
    if (isSweep && value !== undefined) found[key] = (await farmClient.find(String(value))).id
  }
  return found
}
