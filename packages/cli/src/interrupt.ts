import { exitCodes } from './failure.ts'
import { tell } from './output.ts'
import type { Shell } from './shell.ts'

/** A first signal requests an orderly end; a second signal ends the process at once. */
export interface Interrupt {
  readonly signal: AbortSignal
  wait(): Promise<void>
  /** The exit code: 130 or 143 after a signal, null before. */
  exit(): number | null
  /** Stops listening for signals. A `wait` that is still pending then no longer keeps the process alive. */
  dispose(): void
}

/**
 * Runs `work` until a signal arrives. If `work` then fails, prints `message` and returns the exit code of the signal.
 */
export async function untilInterrupted<T>(
  shell: Shell,
  work: (signal: AbortSignal) => Promise<T>,
  message?: string,
): Promise<T | number> {
  const interrupt = onInterrupt(shell)
  try {
    return await work(interrupt.signal)
  } catch (error) {
    const exit = interrupt.exit()
    if (exit === null) throw error
    if (message !== undefined) tell(shell, message)
    return exit
  } finally {
    interrupt.dispose()
  }
}

export function onInterrupt(shell: Shell): Interrupt {
  const controller = new AbortController()
  let exit: number | null = null
  let alive: NodeJS.Timeout | undefined
  const dispose = shell.onSignal((name) => {
    const code = name === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated
    if (exit !== null) {
      shell.line.clear()
      shell.leave(code)
    }
    exit = code
    controller.abort()
  })
  return {
    signal: controller.signal,
    async wait() {
      if (exit !== null) return
      // A signal handler by itself does not keep the process alive.
      alive ??= setInterval(() => undefined, 60_000)
      await new Promise((resume) => controller.signal.addEventListener('abort', resume, { once: true }))
      clearInterval(alive)
    },
    exit: () => exit,
    dispose() {
      clearInterval(alive)
      dispose()
    },
  }
}
