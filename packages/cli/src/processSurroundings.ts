import type { SignalSource, Surroundings } from './shell.ts'
import { erase } from './standingLine.ts'

/** The surroundings of a command that runs as a process of its own. */
export function processSurroundings(): Surroundings {
  const { stdout, stderr, env } = process
  // If the reader of the output goes away (head, less), the command ends quietly, as cat does.
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
    // Standard input is opened only if it is read.
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
