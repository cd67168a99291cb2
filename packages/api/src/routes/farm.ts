import { hasUpload, putUpload, uploadHash } from '@driftfarm/database'
import { dataBytes } from '@driftfarm/spec'
import * as z from 'zod'
import type { App, Context, Routes } from '../context.ts'
import { ApiError } from '../error.ts'
import { sendDocument } from '../sendDocument.ts'

/** In bytes. Larger files are refused before they are read. */
const largestFile = 64 << 20

const hashParams = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal') })

export const farmRoutes: Routes = (app, { farmClient }) => {
  app.get(
    '/data/:hash',
    {
      schema: {
        summary: 'The numbers of a data set, row by row, as little-endian doubles.',
        params: hashParams,
      },
    },
    async ({ params }, reply) => {
      const { rows, columns, values } = await farmClient().data(params.hash)
      return reply
        .type('application/octet-stream')
        .header('x-driftfarm-rows', rows)
        .header('x-driftfarm-columns', columns)
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(Buffer.from(dataBytes(values)))
    },
  )
}

export function fileRoutes(app: App, { database }: Context): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestFile }, (_, body, done) => done(null, body))

  app.put(
    '/data/:hash',
    {
      config: { role: 'submit' },
      bodyLimit: largestFile,
      schema: {
        summary:
          'Upload a file that a spec names. The address contains the SHA-256 of the file. The status is 201 if the ' +
          'file is new, 200 if it is already stored.',
        params: hashParams,
        takes: 'the bytes of the file',
      },
    },
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
