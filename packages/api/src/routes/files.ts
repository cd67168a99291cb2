import { cellById, hasUpload, putUpload, uploadHash } from '@driftfarm/database'
import { figureFile, moduleBytesOf } from '@driftfarm/farm'
import { prepare, samplesOf } from '@driftfarm/kernel'
import {
  booleanQuery,
  documents,
  type Figure,
  figureFormats,
  figureKinds,
  figureQuery,
  htmlReport,
  reportedSweep,
  requireApplicableOptions,
  wholeNumber,
} from '@driftfarm/report'
import { isBytes, KERNEL_VERSION, readTables, storedBytes } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import { type App, type Context, type Routes, refParams } from '../context.ts'
import { ApiError } from '../error.ts'
import { described } from '../openapi.ts'
import { headerList, sendDocument } from '../replies.ts'

const styledFigure = figureQuery.extend({
  width: wholeNumber.refine((width) => width >= 320 && width <= 4000, 'must be from 320 to 4000').optional(),
  height: wholeNumber.refine((height) => height >= 200 && height <= 4000, 'must be from 200 to 4000').optional(),
  theme: z.enum(['light', 'dark']).optional(),
  plain: booleanQuery.optional(),
})

const figureName = new RegExp(`^(auto|${figureKinds.join('|')})\\.(${figureFormats.join('|')})$`)
const figureTypes = {
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
} as const

/**
 * Gives a report its own origin, so that the report has no access to the farm. Download links are allowed. Scripts and
 * requests are forbidden by the report itself, in a `meta` element.
 */
const reportPolicy = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"

/** In bytes. Larger files are refused before they are read. */
const largestFile = 128 << 20

const hashParams = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal') })

/** Routes whose answer is a file: reports, figures, kernels and data sets. */
export const fileRoutes: Routes = (app, { farmClient, database, session, work, version }) => {
  app.get(
    '/sweeps/:ref/report.html',
    described('read', {
      summary: 'A report of the sweep as one HTML file.',
      params: refParams,
      querystring: z.object({ oracle: booleanQuery.default(false), theorem: booleanQuery.default(false) }),
    }),
    async ({ params, query }, reply) => {
      const { id, name } = await farmClient().find(params.ref)
      const made = new Date().toISOString().slice(0, 10)
      const report = async () => [await reportedSweep(farmClient(), id, { ...query, data: true })]
      const html = await work.inTurn(async () => htmlReport(await report(), { made, version }))
      // The content security policy of the page would forbid the inline style of the report.
      return reply
        .type('text/html; charset=utf-8')
        .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(`${name}.html`)}`)
        .header('content-security-policy', reportPolicy)
        .send(html)
    },
  )

  app.get(
    '/sweeps/:ref/figures/:file',
    described('read', {
      summary: 'A figure of the sweep: KIND.svg, .png, .pdf, .csv or .json.',
      params: refParams.extend({ file: z.string().regex(figureName, 'must be KIND.svg, .png, .pdf, .csv or .json') }),
      querystring: styledFigure,
      answers: documents.Figure,
    }),
    async ({ params, query }, reply) => {
      const { id } = await farmClient().find(params.ref)
      const [, kind, as] = figureName.exec(params.file)!
      const { width, height, theme, plain, ...request } = query
      const asked = { ...request, ...(kind === 'auto' ? {} : { kind: kind as never }) }
      requireApplicableOptions(asked, (option, value) => (value === undefined ? option : `${option}=${value}`))
      const figure: Figure = await work.inTurn(() => farmClient().figure(id, asked))
      if (as === 'json') return sendDocument(reply, 'Figure', figure)
      const warnings: string[] = []
      const warn = (message: string) => void warnings.push(message)
      const file = await figureFile(figure, as as keyof typeof figureTypes, { width, height, theme, plain }, warn)
      if (warnings.length > 0) reply.header('x-driftfarm-warnings', headerList(warnings))
      return reply.type(figureTypes[as as keyof typeof figureTypes]).send(file)
    },
  )

  // With these two routes, a page can load the WebAssembly modules that workers run and compute the same trials.
  const bytesOf = moduleBytesOf(session.home)
  const modules = new LRUCache<string, Uint8Array>({ max: 64 })

  app.get(
    '/cells/:id/kernel',
    described('read', {
      summary: 'What a client needs to compute a cell: the cell, the hash of its module and the hash of its data set.',
      params: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a cell') }),
    }),
    async ({ params }, reply) => {
      const cell = await cellById(database, params.id)
      const prepared = prepare(cell, await readTables(cell, farmClient().data))
      const module = prepared.shape
      if (!modules.has(module)) modules.set(module, await bytesOf(prepared))
      return sendDocument(reply, 'Kernel', {
        id: params.id,
        version: KERNEL_VERSION,
        module,
        cell,
        data: samplesOf(cell)?.hash ?? null,
      })
    },
  )

  app.get(
    '/kernels/:file',
    described('read', {
      summary:
        'A WebAssembly module that workers run. It is available after a request to /cells/{id}/kernel for a cell ' +
        'that uses it.',
      params: z.object({ file: z.string().regex(/^[0-9a-f]{16,64}\.wasm$/, 'must have the form HASH.wasm') }),
    }),
    async ({ params }, reply) => {
      const bytes = modules.get(params.file.slice(0, -'.wasm'.length))
      if (bytes === undefined)
        throw new ApiError('NO_SUCH_ROUTE', `the kernel ${params.file} is not loaded`, {
          hint: 'to load the kernel, request /cells/{id}/kernel for a cell that uses it; then try again',
        })
      return reply
        .type('application/wasm')
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(Buffer.from(bytes))
    },
  )

  app.get(
    '/data/:hash',
    described('read', {
      summary:
        'The numbers of a data set, row by row. With the headers X-Driftfarm-Divide and X-Driftfarm-Scaled they are ' +
        'bytes: in the first SCALED columns, a byte stands for byte / DIVIDE, in the others for itself. Without ' +
        'these headers they are little-endian doubles.',
      params: hashParams,
    }),
    async ({ params }, reply) => {
      const { rows, columns, values } = await farmClient().data(params.hash)
      if (isBytes(values))
        void reply.header('x-driftfarm-divide', values.divide).header('x-driftfarm-scaled', values.scaled)
      return reply
        .type('application/octet-stream')
        .header('x-driftfarm-rows', rows)
        .header('x-driftfarm-columns', columns)
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(Buffer.from(storedBytes(values)))
    },
  )
}

export function uploadRoutes(app: App, { database }: Context): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestFile }, (_, body, done) => done(null, body))

  app.put(
    '/data/:hash',
    described('submit', {
      summary:
        'Upload a file that a spec names. The address contains the SHA-256 of the file. The status is 201 if the ' +
        'file is new, 200 if it is already stored.',
      params: hashParams,
      takes: 'the bytes of the file',
    }),
    async ({ params, body }, reply) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      const hash = uploadHash(bytes)
      if (hash !== params.hash)
        throw new ApiError('BAD_REQUEST', `the bytes in the body have the hash ${hash}, not the hash in the address`, {
          hint: 'the file was changed or is incomplete: send it again',
        })
      const known = await hasUpload(database, hash)
      await putUpload(database, bytes)
      return sendDocument(reply, 'Upload', { hash, bytes: bytes.length }, { status: known ? 200 : 201 })
    },
  )
}
