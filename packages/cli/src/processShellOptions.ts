import { isatty } from 'node:tty'
import type { ShellOptions, SignalSource } from './shell.ts'
import { erase } from './statusLine.ts'

export function processShellOptions(): ShellOptions {
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
    ask: isatty(0) && stderr.isTTY ? ask : null,
    onSignal,
    leave: (exit) => process.exit(exit),
    onSubmitted: (sweep) => {
      if (process.connected) process.send?.(sweep)
    },
  }
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const { stdin: input, stderr: output } = process
  const lines = createInterface({ input, output })
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    return await Promise.race([lines.question(question), ended])
  } finally {
    lines.close()
  }
}

const onSignal: SignalSource = (listener) => {
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => [name, () => listener(name)] as const)
  for (const [name, handler] of handlers) process.on(name, handler)
  return () => {
    for (const [name, handler] of handlers) process.off(name, handler)
  }
}
