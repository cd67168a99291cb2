import { codedError, driftfarmError, type Ending, endings, nearestWord, sharedErrors } from '@driftfarm/formula'
import { type ReportedError, reportedError } from '@driftfarm/report'
import type { SpecError } from '@driftfarm/spec'
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

const { USAGE, NOT_FOUND, CONFLICT } = sharedErrors
const table = {
  USAGE,
  FILE_NOT_FOUND: {
    ends: 'usage',
    means: 'There is no spec file at the given path.',
    fix:
      'Give `run` and `plan` the path of a spec file. Give `results`, `figure` and `watch` the name of a sweep that ' +
      'has been run; `driftfarm list` prints the names.',
  },
  FILE_UNREADABLE: {
    ends: 'usage',
    means: 'A file cannot be read, or a spec is larger than 1 MiB.',
    fix: 'Fix the cause that the message names, or name another file.',
  },
  OUTPUT_NOT_WRITABLE: {
    ends: 'usage',
    means: 'The file given by `-o` cannot be written.',
    fix: 'Name another file, or make its folder writable.',
  },
  UNKNOWN_ESTIMATE: {
    ends: 'usage',
    means: 'No cell has an estimate of this name.',
    fix: 'Use one of the names in the message.',
  },
  NOT_FOUND,
  CONFLICT,
  TIMED_OUT: {
    ends: 'timedOut',
    means: 'The sweep did not end within `--timeout`. Finished trials stay stored.',
    fix: 'Run or watch the sweep again to continue waiting, or give a longer `--timeout`.',
  },
  VERIFY_FAILED: {
    ends: 'incomplete',
    means:
      '`driftfarm verify` found a missing trial, a trial that is counted twice, or a stored trial that differs from ' +
      'the recomputed trial.',
    fix: 'Leave the database as it is, and find the machine at fault. The message says what is wrong and where.',
  },
  NO_READER: {
    ends: 'usage',
    means:
      '`sql` and `db url` need the address of a read-only login of the farm, and no setting contains this address.',
    fix: 'Set DRIFTFARM_READER_URL, or set DRIFTFARM_READER_PASSWORD to the value used for `driftfarm db migrate`.',
  },
  WORKERS_ONLY: {
    ends: 'notAuthorised',
    means: 'DRIFTFARM_ACCESS names an access file. Only workers can use the login in this file.',
    fix: 'Unset DRIFTFARM_ACCESS for other commands, or set DRIFTFARM_URL to the address of the farm.',
  },
  DETACHED_RUN: {
    ends: 'unexpected',
    means: 'A background run (`--detach`) ended before it submitted its sweep.',
    fix: 'Read the log file named in the message.',
  },
} as const

export class CliError extends codedError('CliError', table) {
  constructor(code: keyof typeof table, message: string, hint: string | null = null) {
    super(code, message, { hint })
  }
}

/** The error for options or arguments that are not valid. */
export const usageError = (message: string, hint: string): CliError => new CliError('USAGE', message, hint)

/** The error for a name that is not in a list, such as the list of examples. */
export function noSuchName(what: string, name: string, known: readonly string[], hint: string): CliError {
  const near = nearestWord(name, known)
  return new CliError('NOT_FOUND', `no ${what} ${name}${near === undefined ? '' : `: did you mean ${near}?`}`, hint)
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
  const { exit, retryable } = endings.usage
  const isEmpty = thrown.code === 'commander.help'
  const hint =
    thrown instanceof CommandUsage && !isEmpty
      ? `\`driftfarm ${thrown.command} --help\` lists its arguments and options`
      : '`driftfarm --help` lists the commands'
  return {
    code: 'USAGE',
    // Commander may put a suggestion on a second line.
    message: isEmpty ? 'no command given' : thrown.message.replace(/^error: /, '').replace(/\n/g, ' '),
    hint,
    path: null,
    retryable,
    exit: thrown.exitCode === 0 && !isEmpty ? exitCodes.done : exit,
  }
}

export function printFailure({ stderr }: Shell, failure: Failure, json: boolean): void {
  if (failure.exit === 0) return
  const { exit: _, mayBeMore, ...error } = failure
  stderr.write(`${json ? JSON.stringify({ error }) : failureText(failure)}\n`)
}

function failureText({ message, hint, errors, mayBeMore = false }: Failure): string {
  if (errors === undefined) return `error: ${message}${hint === null || message.includes(hint) ? '' : `\n  ${hint}`}`
  const lines = errors.map((each) => `error: ${each.message}`)
  if (errors.length > 1) lines.push(`${errors.length} errors${mayBeMore ? '; there may be more' : ''}`)
  return lines.join('\n')
}

/** Returns the exit code of `work`. Reports a failure on standard error. */
export async function attempt(shell: Shell, json: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const failure = failureOf(error)
    shell.line.clear()
    printFailure(shell, failure, json)
    return failure.exit
  } finally {
    shell.line.clear()
  }
}
