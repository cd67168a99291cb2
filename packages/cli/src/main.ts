import { runCommand } from './runCommand.ts'
import type { SignalSource } from './shell.ts'
import { erase } from './standingLine.ts'

/** The only file that uses the process: all others are given what they need of it. */
const { stdout, stderr, env, argv } = process

// A reader that goes away (head, less) ends the command quietly, as it ends cat.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  if (stderr.isTTY) stderr.write(erase)
  process.exit(0)
})

const onSignal: SignalSource = (listener) => {
  const names = ['SIGINT', 'SIGTERM'] as const
  const handlers = names.map((name) => [name, () => listener(name)] as const)
  for (const [name, handler] of handlers) process.on(name, handler)
  return () => {
    for (const [name, handler] of handlers) process.off(name, handler)
  }
}

process.exitCode = await runCommand(argv.slice(2), {
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  // Opened only by who reads it.
  stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
  onSignal,
  leave: (exit) => process.exit(exit),
  onSubmitted: (sweep) => process.send?.(sweep),
})
