import { codedError, driftfarmError, type Ending, endings } from '@driftfarm/formula'
import { type ReportedError, reportedError } from '@driftfarm/report'
import type { SpecError, SpecFinding } from '@driftfarm/spec'
import { CommanderError } from 'commander'
import type { Shell } from './shell.ts'

export interface Failure extends ReportedError {
  readonly exit: number
  /** Whether the spec may have more errors than are listed. */
  readonly mayBeMore?: boolean
}

/** Exit codes of commands; see docs/reference/commands.md. */
export const exitCodes = {
  done: 0,
  ...(Object.fromEntries(Object.entries(endings).map(([ending, { exit }]) => [ending, exit])) as Record<
    Ending,
    number
  >),
  interrupted: 130,
  terminated: 143,
} as const

const table = {
  USAGE: { ends: 'usage' },
  FILE_NOT_FOUND: { ends: 'usage' },
  FILE_UNREADABLE: { ends: 'usage' },
  OUTPUT_NOT_WRITABLE: { ends: 'usage' },
  UNKNOWN_ESTIMATE: { ends: 'usage' },
  NOT_FOUND: { ends: 'notFound' },
  CONFLICT: { ends: 'conflict' },
  TIMED_OUT: { ends: 'timedOut' },
  VERIFY_FAILED: { ends: 'incomplete' },
  NO_READER: { ends: 'usage' },
  WORKERS_ONLY: { ends: 'notAuthorised' },
  DETACHED_RUN: { ends: 'unexpected' },
} as const

export class CliError extends codedError(table) {
  constructor(code: keyof typeof table, message: string, hint: string | null = null) {
    super(code, message, { hint })
  }
}

export class CommandUsage extends CommanderError {
  constructor(
    { exitCode, code, message }: CommanderError,
    readonly command: string,
  ) {
    super(exitCode, code, message)
  }
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CommanderError) return commanderFailure(thrown)
  const error = driftfarmError(thrown)
  const { mayBeMore } = error as Partial<Pick<SpecError, 'mayBeMore'>>
  return { ...reportedError(error), exit: error.exit, ...(mayBeMore === undefined ? {} : { mayBeMore }) }
}

/** If Commander has only printed help or the version, the exit code is 0. */
function commanderFailure(thrown: CommanderError): Failure {
  const { code, message, exitCode } = thrown
  if (code === 'commander.help') return usageFailure('no command given', '`driftfarm --help` lists the commands')
  const help =
    thrown instanceof CommandUsage
      ? `\`driftfarm ${thrown.command} --help\` lists its arguments and options`
      : '`driftfarm --help` lists the commands'
  const usage = usageFailure(sentence(message), help)
  return exitCode === 0 ? { ...usage, exit: exitCodes.done } : usage
}

const usageFailure = (message: string, hint: string): Failure => {
  const { exit, retryable } = endings.usage
  return { code: 'USAGE', message, hint, path: null, retryable, exit }
}

/** Commander may put a suggestion on a second line. */
function sentence(message: string): string {
  return message.replace(/^error: /, '').replace(/\n/g, ' ')
}

export function printFailure({ stderr }: Shell, failure: Failure, json: boolean): void {
  if (failure.exit === 0) return
  const { exit: _, mayBeMore = false, ...error } = failure
  if (json) stderr.write(`${JSON.stringify({ error })}\n`)
  else stderr.write(error.errors === undefined ? failureText(failure) : `${listOf(error.errors, mayBeMore)}\n`)
}

function failureText({ message, hint }: Failure): string {
  return `error: ${message}${hint === null || message.includes(hint) ? '' : `\n  ${hint}`}\n`
}

function listOf(errors: readonly SpecFinding[], mayBeMore: boolean): string {
  const lines = errors.map(({ message }) => `error: ${message}`)
  if (errors.length === 1) return lines.join('\n')
  return [...lines, `${errors.length} errors${mayBeMore ? '; there may be more' : ''}`].join('\n')
}
