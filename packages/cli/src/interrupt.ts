import { exitCodes } from './failure.ts'

/** What a first signal asks for; a second one ends the process at once. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** Resolves when a signal came. */
  wait(): Promise<void>
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
    async wait() {
      if (exit !== null) return
      // A signal's handler alone keeps no process alive.
      const alive = setInterval(() => undefined, 60_000)
      await new Promise((resume) => controller.signal.addEventListener('abort', resume, { once: true }))
      clearInterval(alive)
    },
    exit: () => exit,
    dispose() {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', terminate)
    },
  }
}
