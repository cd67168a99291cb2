import { exitCodes } from './failure.ts'

/** What a first signal asks for; a second one ends the process at once. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** 130 or 143 once a signal came, else null. */
  exit(): number | null
  dispose(): void
}

export function onInterrupt(): Interrupt {
  const controller = new AbortController()
  let exit: number | null = null
  const handle = (name: 'SIGINT' | 'SIGTERM') => {
    const code = name === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated
    if (exit !== null) process.exit(code)
    exit = code
    controller.abort()
  }
  const interrupt = () => handle('SIGINT')
  const terminate = () => handle('SIGTERM')
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', terminate)
  return {
    signal: controller.signal,
    exit: () => exit,
    dispose() {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', terminate)
    },
  }
}
