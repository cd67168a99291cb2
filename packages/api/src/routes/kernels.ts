import { cellById } from '@driftfarm/database'
import { moduleBytesOf } from '@driftfarm/farm'
import { prepare } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import type { Routes } from '../context.ts'
import { ApiError } from '../error.ts'
import { sendDocument } from '../sendDocument.ts'

/** With these routes, a page can load the WebAssembly modules that workers run and compute the same trials. */
export const kernelRoutes: Routes = (app, { farmClient, database, session }) => {
  const bytesOf = moduleBytesOf(session.home)
  const modules = new LRUCache<string, Uint8Array>({ max: 64 })

  app.get(
    '/cells/:id/kernel',
    {
      schema: {
        summary:
          'What a client needs to compute a cell: the cell, the hash of its module and the hash of its data set.',
        params: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a cell') }),
      },
    },
    async ({ params }, reply) => {
      const { cell, dataHash } = await cellById(database, params.id)
      const prepared = prepare(cell, dataHash === null ? null : await farmClient().data(dataHash))
      const module = prepared.shape
      if (!modules.has(module)) modules.set(module, await bytesOf(prepared))
      return sendDocument(reply, 'Kernel', { id: params.id, version: KERNEL_VERSION, module, cell, data: dataHash })
    },
  )

  app.get(
    '/kernels/:file',
    {
      schema: {
        summary:
          'A WebAssembly module that workers run. It is available after a request to /cells/{id}/kernel for a cell ' +
          'that uses it.',
        params: z.object({ file: z.string().regex(/^[0-9a-f]{16,64}\.wasm$/, 'must have the form HASH.wasm') }),
      },
    },
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
}
