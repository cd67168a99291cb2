import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { sourceArguments } from './sourceArguments.ts'

test('a thread loads a TypeScript source, and without these arguments it does not', async () => {
  const file = new URL('./settings.ts', import.meta.url)
  expect(await once(new Worker(file, { execArgv: sourceArguments() }), 'exit')).toEqual([0])
  await expect(once(new Worker(file, { execArgv: [] }), 'exit')).rejects.toMatchObject({
    code: 'ERR_UNKNOWN_FILE_EXTENSION',
  })
})
