import type { Writable } from 'node:stream'
import type { CoordinatorOptions } from '@driftfarm/coordinator'
import type { QueueFactoryOptions } from '@driftfarm/queue'
import type { WorkerOptions } from '@driftfarm/worker'
import { StandingLine } from './standingLine.ts'

/** Where a command writes: a terminal's stream, or any other. */
export type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

export type Environment = Readonly<Record<string, string | undefined>>

type SignalName = 'SIGINT' | 'SIGTERM'

/** Calls `listener` at each signal, until the function that it returns is called. */
export type SignalSource = (listener: (name: SignalName) => void) => () => void

/**
 * How long a command waits for what does not answer or may yet come; each part has its defaults. Tests have less time.
 */
export interface Waits {
  /** For `db migrate`, before a database without the tables is refused; 10 s. */
  readonly migratedMs?: number
  readonly coordinator?: Pick<CoordinatorOptions, 'reconcileMs' | 'limits'>
  readonly worker?: Pick<WorkerOptions, 'limits'>
  readonly queue?: Pick<QueueFactoryOptions, 'limits'>
}

/** What a command is given by its caller, be it a process, a test or another program. */
export interface Surroundings {
  /** Data. */
  readonly stdout: Stream
  /** Everything else. */
  readonly stderr: Stream
  readonly env: Environment
  /** Absolute; what paths of arguments are relative to. */
  readonly cwd: string
  /** The spec that is named `-`; empty unless given. */
  readonly stdin?: AsyncIterable<string | Uint8Array>
  /** Its abort counts as SIGINT, or as SIGTERM where its reason is that word. */
  readonly signal?: AbortSignal
  /** Instead of `signal`: asked for only while a command can end in an orderly way. */
  readonly onSignal?: SignalSource
  /** Ends the process at once, where there is one to end; by default nothing. */
  readonly leave?: (exit: number) => void
  readonly waits?: Waits
  /** Told the sweep that a run has submitted. */
  readonly onSubmitted?: (sweep: unknown) => void
}

/** The surroundings of one command, with the line that it keeps at the foot of a terminal. */
export interface Shell extends Required<Omit<Surroundings, 'signal'>> {
  readonly line: StandingLine
}

export function createShell({ signal, ...given }: Surroundings): Shell {
  return {
    stdin: nothing,
    onSignal: signal === undefined ? () => () => undefined : aborts(signal),
    leave: () => undefined,
    waits: {},
    onSubmitted: () => undefined,
    ...given,
    line: new StandingLine(given.stderr),
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
