import { QueueError } from './error.ts'

/**
 * Returns the result of `work`. Throws QUEUE_UNREACHABLE if the work takes longer than `timeoutMs`. The work itself is
 * not stopped, so it must be harmless if it finishes late.
 */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number, doing: string): Promise<T> {
  if (await settlesWithin(work, timeoutMs)) return work
  throw new QueueError('QUEUE_UNREACHABLE', `${doing}: no response within ${timeoutMs / 1000} s`)
}

export async function settlesWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  const done = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
