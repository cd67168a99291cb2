import { parentPort } from 'node:worker_threads'
import { driftfarmError } from '@driftfarm/formula'
import { theoryTasks } from './compute.ts'
import type { TheoryReply, TheoryRequest } from './theoryThread.ts'

parentPort?.on('message', async ({ kind, task }: TheoryRequest) => {
  const post = (reply: TheoryReply) => parentPort?.postMessage(reply)
  try {
    post({ answer: await theoryTasks[kind](task as never, (size) => post({ size })) })
  } catch (thrown) {
    const { code, message, hint, retryable, exit } = driftfarmError(thrown)
    post({ error: { code, message, hint, retryable, exit } })
  }
})
