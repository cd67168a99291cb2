import { cellById } from '@driftfarm/database'
import { moduleBytesOf } from '@driftfarm/farm'
import { prepare } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import { answerPlain } from '../answer.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../error.ts'

/** The modules that workers run, and what they need beside: for a page that computes the same trials. */
export const kernelRoutes: Routes = (app, { desk, database, session }) => {
  const bytesOf = moduleBytesOf(session.home)
  const modules = new LRUCache<string, Uint8Array>({ max: 64 })

  app.get(
    '/cells/:id/kernel',
    {
      schema: {
        summary: 'A cell as a kernel takes it: the cell itself, the hash of its module, the hash of its data.',
        params: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/, 'is no id of a cell') }),
      },
    },
    async ({ params }, reply) => {
      const { cell, dataHash } = await cellById(database, params.id)
      const prepared = prepare(cell, dataHash === null ? null : await desk().data(dataHash))
      const module = prepared.shape
      if (!modules.has(module)) modules.set(module, await bytesOf(prepared))
      return answerPlain(reply, 'Kernel', { id: params.id, version: KERNEL_VERSION, module, cell, data: dataHash })
    },
  )

  app.get(
    '/kernels/:file',
    {
      schema: {
        summary: 'The very WebAssembly module that workers run for cells of a shape, once one of them was asked for.',
        params: z.object({ file: z.string().regex(/^[0-9a-f]{16,64}\.wasm$/, 'is no HASH.wasm') }),
      },
    },
    async ({ params }, reply) => {
      const bytes = modules.get(params.file.slice(0, -'.wasm'.length))
      if (bytes === undefined)
        throw new ApiError('NO_SUCH_ROUTE', `no kernel ${params.file} is at hand`, {
          hint: 'ask for /cells/{id}/kernel of a cell that it computes first',
        })
      return reply
        .type('application/wasm')
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(Buffer.from(bytes))
    },
  )
}
