import type { SignalSource, Surroundings } from './shell.ts'
import { erase } from './standingLine.ts'

/** What a command that has a process of its own is given. */
export function processSurroundings(): Surroundings {
  const { stdout, stderr, env } = process
  // A reader that goes away (head, less) ends the command quietly, as it ends cat.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    if (stderr.isTTY) stderr.write(erase)
    process.exit(0)
  })
  return {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    // Opened only by who reads it.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    onSignal,
    leave: (exit) => process.exit(exit),
    onSubmitted: (sweep) => {
      if (process.connected) process.send?.(sweep)
    },
  }
}

const onSignal: SignalSource = (listener) => {
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => [name, () => listener(name)] as const)
  for (const [name, handler] of handlers) process.on(name, handler)
  return () => {
    for (const [name, handler] of handlers) process.off(name, handler)
  }
}
