import { codedError, driftfarmError, type Ending, endings } from '@driftfarm/formula'
import type { SpecError, SpecFinding } from '@driftfarm/spec'
import { CommanderError } from 'commander'
import type { Shell } from './shell.ts'

/** What is reported when a command cannot do what was asked. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  /** Path in the spec, if the failure has one. */
  readonly path: string | null
  readonly retryable: boolean
  readonly exit: number
  /** All mistakes of a spec; the fields above describe the first one. Absent where there is no list. */
  readonly errors?: readonly SpecFinding[]
  readonly mayBeMore?: boolean
}

/** Exit codes of commands; see docs/cli.md. */
export const exitCodes = {
  done: 0,
  ...(Object.fromEntries(Object.entries(endings).map(([ending, { exit }]) => [ending, exit])) as Record<
    Ending,
    number
  >),
  interrupted: 130,
  terminated: 143,
} as const

/** The command line's own errors. */
const table = {
  USAGE: { ends: 'usage' },
  FILE_NOT_FOUND: { ends: 'usage' },
  FILE_UNREADABLE: { ends: 'usage' },
  OUTPUT_NOT_WRITABLE: { ends: 'usage' },
  UNKNOWN_ESTIMATE: { ends: 'usage' },
  NOT_YET_BUILT: { ends: 'usage' },
  NOT_FOUND: { ends: 'notFound' },
  CONFLICT: { ends: 'conflict' },
  TIMED_OUT: { ends: 'timedOut' },
  REPLAY_DIFFERS: { ends: 'unexpected' },
  VERIFY_FAILED: { ends: 'incomplete' },
  NO_READER: { ends: 'usage' },
  DETACHED_RUN: { ends: 'unexpected' },
} as const

export class CliError extends codedError(table) {
  constructor(code: keyof typeof table, message: string, hint: string | null = null) {
    super(code, message, { hint })
  }
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CommanderError) return commanderFailure(thrown)
  const error = driftfarmError(thrown)
  const { code, message, hint, path, exit, retryable } = error
  const { errors, mayBeMore } = error as Partial<Pick<SpecError, 'errors' | 'mayBeMore'>>
  const listed = errors === undefined || mayBeMore === undefined ? {} : { errors, mayBeMore }
  return { code, message, hint, path, retryable, exit, ...listed }
}

/** The failure for an error of Commander. A request for help is not a failure. */
function commanderFailure({ code, message, exitCode }: CommanderError): Failure {
  if (code === 'commander.help') return usageFailure('a command is missing', '`driftfarm --help` lists them')
  const usage = usageFailure(sentence(message), 'driftfarm --help lists the commands')
  return exitCode === 0 ? { ...usage, exit: exitCodes.done } : usage
}

const usageFailure = (message: string, hint: string): Failure => {
  const { exit, retryable } = endings.usage
  return { code: 'USAGE', message, hint, path: null, retryable, exit }
}

/** The message of Commander without its "error: " and on one line: it may add a suggestion on a second one. */
function sentence(message: string): string {
  return message.replace(/^error: /, '').replace(/\n/g, ' ')
}

export function printFailure({ stderr }: Shell, failure: Failure, json: boolean): void {
  if (failure.exit === 0) return
  const { code, message, hint, path, retryable, errors, mayBeMore } = failure
  const listed = errors === undefined ? {} : { errors }
  if (json) stderr.write(`${JSON.stringify({ error: { code, message, hint, path, retryable, ...listed } })}\n`)
  else stderr.write(errors === undefined ? told(failure) : `${listOf(errors, mayBeMore === true)}\n`)
}

function told({ message, hint }: Failure): string {
  return `error: ${message}${hint === null || message.includes(hint) ? '' : `\n  ${hint}`}\n`
}

/** One line for each mistake and, if there are several, their number. */
function listOf(errors: readonly SpecFinding[], mayBeMore: boolean): string {
  const lines = errors.map(({ message }) => `error: ${message}`)
  if (errors.length === 1) return lines.join('\n')
  return [...lines, `${errors.length} errors${mayBeMore ? '; there may be more' : ''}`].join('\n')
}
