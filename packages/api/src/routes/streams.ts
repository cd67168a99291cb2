import { once } from 'node:events'
import { Readable } from 'node:stream'
import {
  cellList,
  cellsParquet,
  chunked,
  type DocumentShape,
  documentJson,
  documents,
  type Pieces,
  parquetFile,
  rowsParquet,
} from '@driftfarm/report'
import type { FastifyReply } from 'fastify'
import * as z from 'zod'
import { type Routes, refParams } from '../context.ts'
import { ApiError } from '../error.ts'
import { described } from '../openapi.ts'
import { headerList } from '../replies.ts'
import type { ConcurrencyLimit } from '../work/work.ts'

const media = {
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const
type Format = keyof typeof media

type Sent = Pieces | AsyncIterable<Uint8Array>
type Send = (pieces: Sent) => Promise<void>

const formats = z.enum(['json', 'jsonl', 'csv', 'parquet'])
const format = formats.optional().describe('The format of the answer. Overrides the header `Accept`.')

/** Documents that are sent while their cells or rows are read, in the format that the client requests. */
export const streamRoutes: Routes = (app, { farmClient, streams }) => {
  const route = <As extends Format, Shape extends z.ZodObject>(
    path: string,
    schema: { readonly summary: string; readonly querystring: Shape; readonly answers: DocumentShape },
    preferred: readonly As[],
    give: (
      request: { readonly id: string; readonly as: As; readonly query: z.output<Shape>; readonly reply: FastifyReply },
      send: Send,
    ) => Promise<void>,
  ) =>
    app.get(path, { schema: { ...schema, params: refParams } }, async (request, reply) => {
      const { id } = await farmClient().find(request.params.ref)
      const query = request.query as z.output<Shape> & { readonly format?: As }
      const as = query.format ?? negotiateFormat(request.headers.accept, preferred, media)
      return stream(reply, media[as], streams, (send) => give({ id, as, query, reply }, send))
    })

  route(
    '/sweeps/:ref/results',
    {
      summary: 'The results of each cell, computed from its requested trials before the first unfinished trial.',
      querystring: z.object({ cells: cellList.optional(), format }),
      answers: documents.Results,
    },
    ['json', 'jsonl', 'csv', 'parquet'],
    ({ id, as, query: { cells }, reply }, send) =>
      farmClient().withResults(
        id,
        async (results) => {
          reply.header('x-driftfarm-warnings', headerList(results.warnings))
          if (as === 'parquet') return send(parquetFile(await cellsParquet(results)))
          return send(documents.Results.streamed[as](results))
        },
        cells === undefined ? {} : { cells },
      ),
  )

  route(
    '/sweeps/:ref/curves',
    {
      summary: 'The fraction of escaped trials by step, for each cell.',
      querystring: z.object({ format: formats.exclude(['parquet']).optional() }),
      answers: documents.Curves,
    },
    ['json', 'jsonl', 'csv'],
    ({ id, as }, send) => farmClient().withCurves(id, (curves) => send(documents.Curves.streamed[as](curves))),
  )

  route(
    '/sweeps/:ref/rows',
    {
      summary: 'The recorded rows of the requested trials, as CSV, JSON lines, JSON or Parquet.',
      querystring: z.object({ format }),
      answers: documents.Rows,
    },
    ['csv', 'jsonl', 'json', 'parquet'],
    async ({ id, as, reply }, send) => {
      const rows = await farmClient().rows(id)
      reply
        .header('x-driftfarm-warnings', headerList(rows.warnings))
        .header('x-driftfarm-columns', headerList(rows.columns))
      return send(as === 'parquet' ? parquetFile(rowsParquet(rows)) : documents.Rows[as](rows))
    },
  )

  app.get(
    '/sweeps/:ref/settings',
    described('read', {
      summary: 'The resolved spec of each cell: one JSON object per line, with paths as keys.',
      params: refParams,
      produces: ['application/x-ndjson'],
    }),
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return stream(reply, media.jsonl, streams, (send) =>
        farmClient().withResults(id, ({ settings }) =>
          send(chunked(settings(), (map) => `${documentJson(Object.fromEntries(map))}\n`)),
        ),
      )
    },
  )
}

/** A client that reads nothing for this many ms is disconnected, because its answer keeps a database snapshot open. */
const patienceMs = 30_000

/**
 * Streams text or bytes as fast as the client reads them. `make` is called when this answer's turn comes, and must pass
 * the pieces to `send`. The promise from `send` resolves when all pieces have been sent, so `make` can hold resources
 * until then.
 */
function stream(
  reply: FastifyReply,
  type: string,
  turns: ConcurrencyLimit,
  make: (send: Send) => Promise<void>,
): Promise<FastifyReply> {
  return new Promise((resolve, reject) => {
    let begun = false
    const send: Send = async (pieces) => {
      const source = Readable.from(pieces, { objectMode: false, highWaterMark: 1 << 16 })
      const { socket } = reply.raw
      const letGo = (): void => void socket?.destroy()
      socket?.setTimeout(patienceMs)
      socket?.once('timeout', letGo)
      begun = true
      resolve(reply.type(type).send(source))
      await once(source, 'close')
      socket?.removeListener('timeout', letGo)
      socket?.setTimeout(0)
    }
    turns(() => make(send)).catch((error: unknown) => {
      if (!begun) reject(error)
      else reply.log.warn({ err: error }, 'a response was cut off')
    })
  })
}

/**
 * Among the formats that the Accept header rates highest, returns the first in `formats`. Throws NOT_ACCEPTABLE if the
 * header accepts no format.
 */
export function negotiateFormat<const Format extends string>(
  accept: string | undefined,
  formats: readonly Format[],
  media: Readonly<Record<NoInfer<Format>, string>>,
): Format {
  if (accept === undefined || accept.trim() === '') return formats[0]!
  const ranges = accept.split(',').map((text) => {
    const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { range, q: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const qualityOf = (format: Format): number => {
    const type = media[format].split(';')[0]!
    const fits = ranges.filter(({ range }) => range === type || range === '*/*' || range === `${type.split('/')[0]}/*`)
    // If several ranges match the format, the most specific one counts.
    fits.sort((a, b) => Number(b.range === type) - Number(a.range === type) || b.range.length - a.range.length)
    return fits[0]?.q ?? 0
  }
  const best = Math.max(...formats.map(qualityOf))
  const found = formats.find((format) => best > 0 && qualityOf(format) === best)
  if (found !== undefined) return found
  throw new ApiError('NOT_ACCEPTABLE', `the format ${accept.slice(0, 100)} is not available`, {
    hint: `request one of ${formats.map((format) => media[format].split(';')[0]).join(', ')}`,
  })
}
