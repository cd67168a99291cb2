import type { Writable } from 'node:stream'
import type { Embedded } from '@driftfarm/database'
import type { WaitLimits } from '@driftfarm/farm'
import { StatusLine } from './statusLine.ts'

export type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }

export type Environment = Readonly<Record<string, string | undefined>>

type SignalName = 'SIGINT' | 'SIGTERM'

/** Calls `listener` at each signal, until the returned function is called. */
export type SignalSource = (listener: (name: SignalName) => void) => () => void

/** What the caller of a command provides. The caller is a process, a test or another program. */
export interface ShellOptions {
  /** Receives data. All other output goes to `stderr`. */
  readonly stdout: Stream
  readonly stderr: Stream
  readonly env: Environment
  /** The absolute path of the folder to which paths in arguments are relative. */
  readonly cwd: string
  /** The text of the spec whose path is `-`; empty by default. */
  readonly stdin?: AsyncIterable<string | Uint8Array>
  /** Asks the user at the terminal and resolves to the typed line; null without a terminal. */
  readonly ask?: ((question: string) => Promise<string>) | null
  /** Aborting this signal counts as SIGINT, or as SIGTERM if the reason of the abort is the string 'SIGTERM'. */
  readonly signal?: AbortSignal
  /** Replaces `signal`. A command listens for signals only while it can shut down cleanly. */
  readonly onSignal?: SignalSource
  /** Ends the process at once, if the command has its own process. Does nothing by default. */
  readonly leave?: (exit: number) => void
  readonly waits?: WaitLimits
  /** Called by `run` with the sweep that was submitted. */
  readonly onSubmitted?: (sweep: unknown) => void
}

/** auto: a bar in a terminal, otherwise a line every 20 seconds. plain: a line every 10 seconds. none: nothing. */
export type Progress = 'auto' | 'plain' | 'none'

/** An embedded server that starts while the code of the command loads. */
export interface EarlyServer {
  /** The server for the one session that uses it; null if a session has already taken it. */
  take(): Promise<Embedded> | null
  /** Stops the server if no session took it. */
  close(): Promise<void>
}

export interface Shell extends Required<Omit<ShellOptions, 'signal'>> {
  readonly line: StatusLine
  /**
   * The folder in which the search for the home (the data folder) starts: the working folder, or the folder of a spec.
   */
  readonly beside: string
  readonly server: EarlyServer | null
  readonly progress: Progress
  /** Whether only an error may be printed on standard error, because the command was called with --json. */
  readonly quiet: boolean
}

export function createShell({ signal, ...given }: ShellOptions): Shell {
  return {
    stdin: nothing,
    ask: null,
    onSignal: signal === undefined ? () => () => undefined : aborts(signal),
    leave: () => undefined,
    waits: {},
    onSubmitted: () => undefined,
    ...given,
    line: new StatusLine(given.stderr),
    beside: given.cwd,
    server: null,
    progress: 'auto',
    quiet: false,
  }
}

const nothing: AsyncIterable<string> = { async *[Symbol.asyncIterator]() {} }

function aborts(signal: AbortSignal): SignalSource {
  return (listener) => {
    const call = () => listener(signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT')
    if (signal.aborted) call()
    else signal.addEventListener('abort', call, { once: true })
    return () => signal.removeEventListener('abort', call)
  }
}
