import { figureFile } from '@driftfarm/farm'
import {
  booleanQuery,
  cellList,
  cellsParquet,
  documentJson,
  documents,
  type Figure,
  figureKinds,
  htmlReport,
  parquetFile,
  reportedSweep,
  requireApplicableOptions,
  rowsParquet,
  textQuery,
  wholeNumber,
} from '@driftfarm/report'
import * as z from 'zod'
import { type Routes, refParams } from '../context.ts'
import { negotiateFormat } from '../media.ts'
import { sendDocument, stream } from '../sendDocument.ts'

const media = {
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  html: 'text/html; charset=utf-8',
} as const

const formats = z.enum(['json', 'jsonl', 'csv', 'parquet'])
const format = formats.optional().describe('The format of the answer. Overrides the header `Accept`.')

const figureQuery = z.object({
  x: textQuery.optional(),
  y: textQuery.optional(),
  of: textQuery.optional(),
  by: textQuery.optional(),
  log: z
    .string()
    .regex(/^[xyz](,[xyz])*$/, 'must be a list of axes (x, y or z), such as x,y')
    .transform((text) => text.split(',') as ('x' | 'y' | 'z')[])
    .optional(),
  where: textQuery.optional(),
  show: z.enum(['value', 'width', 'trials']).optional(),
  oracle: booleanQuery.optional(),
  theorem: booleanQuery.optional(),
  fit: textQuery.optional(),
  cell: wholeNumber.optional(),
  trials: cellList.optional(),
  width: wholeNumber.refine((width) => width >= 320 && width <= 4000, 'must be from 320 to 4000').optional(),
  theme: z.enum(['light', 'dark']).optional(),
  plain: booleanQuery.optional(),
})

export const resultRoutes: Routes = (app, { farmClient, streams, work, version }) => {
  app.get(
    '/sweeps/:ref/results',
    {
      schema: {
        summary: 'The results of each cell, computed from its requested trials before the first unfinished trial.',
        params: refParams,
        querystring: z.object({ cells: cellList.optional(), format }),
        answers: documents.Results,
      },
    },
    async (request, reply) => {
      const { id } = await farmClient().find(request.params.ref)
      const { cells, format: named } = request.query
      const as = named ?? negotiateFormat(request.headers.accept, ['json', 'jsonl', 'csv', 'parquet'], media)
      return stream(reply, media[as], streams, (send) =>
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
    },
  )

  app.get(
    '/sweeps/:ref/settings',
    {
      schema: {
        summary: 'The resolved spec of each cell: one JSON object per line, with paths as keys.',
        params: refParams,
        produces: ['application/x-ndjson'],
      },
    },
    async ({ params }, reply) => {
      const { id } = await farmClient().find(params.ref)
      return stream(reply, media.jsonl, streams, (send) =>
        farmClient().withResults(id, ({ settings }) => send(linesOf(settings()))),
      )
    },
  )

  app.get(
    '/sweeps/:ref/curves',
    {
      schema: {
        summary: 'The fraction of escaped trials by step, for each cell.',
        params: refParams,
        querystring: z.object({ format: formats.exclude(['parquet']).optional() }),
        answers: documents.Curves,
      },
    },
    async (request, reply) => {
      const { id } = await farmClient().find(request.params.ref)
      const as = request.query.format ?? negotiateFormat(request.headers.accept, ['json', 'jsonl', 'csv'], media)
      return stream(reply, media[as], streams, (send) =>
        farmClient().withCurves(id, (curves) => send(documents.Curves.streamed[as](curves))),
      )
    },
  )

  app.get(
    '/sweeps/:ref/rows',
    {
      schema: {
        summary: 'The recorded rows of the requested trials, as CSV, JSON lines, JSON or Parquet.',
        params: refParams,
        querystring: z.object({ format }),
        answers: documents.Rows,
      },
    },
    async (request, reply) => {
      const { id } = await farmClient().find(request.params.ref)
      const as =
        request.query.format ?? negotiateFormat(request.headers.accept, ['csv', 'jsonl', 'json', 'parquet'], media)
      const rows = await farmClient().rows(id)
      reply
        .header('x-driftfarm-warnings', headerList(rows.warnings))
        .header('x-driftfarm-columns', headerList(rows.columns))
      return stream(reply, media[as], streams, (send) => {
        const { json, jsonl, csv } = documents.Rows
        if (as === 'parquet') return send(parquetFile(rowsParquet(rows)))
        return send(as === 'json' ? json(rows, rows.warnings) : as === 'csv' ? csv(rows) : jsonl(rows))
      })
    },
  )

  app.get(
    '/sweeps/:ref/report.html',
    {
      schema: {
        summary: 'A report of the sweep as one HTML file.',
        params: refParams,
        querystring: z.object({ oracle: booleanQuery.default(false), theorem: booleanQuery.default(false) }),
      },
    },
    async ({ params, query }, reply) => {
      const { id, name } = await farmClient().find(params.ref)
      const made = new Date().toISOString().slice(0, 10)
      const html = await work.inTurn(async () =>
        htmlReport([await reportedSweep(farmClient(), id, { ...query, data: true })], {
          made,
          version,
        }),
      )
      // The content security policy of the page would forbid the inline style of the report.
      return reply
        .type(media.html)
        .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(`${name}.html`)}`)
        .header('content-security-policy', reportPolicy)
        .send(html)
    },
  )

  app.get(
    '/sweeps/:ref/figures/:file',
    {
      schema: {
        summary: 'A figure of the sweep: KIND.svg, .png, .pdf or .json.',
        params: refParams.extend({ file: z.string().regex(figureName, 'must be KIND.svg, .png, .pdf or .json') }),
        querystring: figureQuery,
        answers: documents.Figure,
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const [, kind, as] = figureName.exec(params.file)!
      const { width, theme, plain, ...request } = query
      const asked = { ...request, ...(kind === 'auto' ? {} : { kind: kind as never }) }
      requireApplicableOptions(asked, (option, value) => (value === undefined ? option : `${option}=${value}`))
      const figure: Figure = await work.inTurn(() => farmClient().figure(id, asked))
      if (as === 'json') return sendDocument(reply, 'Figure', figure)
      const warnings: string[] = []
      const warn = (message: string) => void warnings.push(message)
      const file = await figureFile(figure, as as 'svg' | 'png' | 'pdf', { width, theme, plain }, warn)
      if (warnings.length > 0) reply.header('x-driftfarm-warnings', headerList(warnings))
      return reply.type(figureTypes[as as keyof typeof figureTypes]).send(file)
    },
  )
}

async function* linesOf(maps: AsyncIterable<ReadonlyMap<string, unknown>>): AsyncGenerator<string> {
  for await (const map of maps) yield `${documentJson(Object.fromEntries(map))}\n`
}

/** Percent-encodes strings and joins them with spaces, because a header cannot contain every character. */
const headerList = (texts: readonly string[]): string => texts.map(encodeURIComponent).join(' ')

const figureName = new RegExp(`^(auto|${figureKinds.join('|')})\\.(svg|png|pdf|json)$`)
const figureTypes = { svg: 'image/svg+xml; charset=utf-8', png: 'image/png', pdf: 'application/pdf' } as const

/**
 * Gives a report its own origin, so that the report has no access to the farm. Download links are allowed. Scripts and
 * requests are forbidden by the report itself, in a `meta` element.
 */
const reportPolicy = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"
