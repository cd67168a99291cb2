import { parentPort } from 'node:worker_threads'
import { driftfarmError } from '@driftfarm/formula'
import { theoryTasks } from './compute.ts'
import type { TheoryReply, TheoryRequest } from './theoryThread.ts'

parentPort?.on('message', async ({ kind, task }: TheoryRequest) => {
  const tell = (told: TheoryReply) => parentPort?.postMessage(told)
  try {
    tell({ answer: await theoryTasks[kind](task as never, (size) => tell({ size })) })
  } catch (thrown) {
    const { code, message, hint, retryable, exit } = driftfarmError(thrown)
    tell({ error: { code, message, hint, retryable, exit } })
  }
})
