import { parentPort } from 'node:worker_threads'
import { driftfarmError } from '@driftfarm/formula'
import type { Asked, Told } from './answering.ts'
import { computed } from './compute.ts'

parentPort?.on('message', async ({ kind, task }: Asked) => {
  const tell = (told: Told) => parentPort?.postMessage(told)
  try {
    tell({ answer: await computed[kind](task as never, (size) => tell({ size })) })
  } catch (thrown) {
    const { code, message, hint, retryable, exit } = driftfarmError(thrown)
    tell({ error: { code, message, hint, retryable, exit } })
  }
})
