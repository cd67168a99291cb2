import { SpecError, type SpecFinding, specLimits } from '@driftfarm/spec'
import { CommanderError } from 'commander'
import type { Shell } from './shell.ts'

/** What a command ends with when it cannot do what was asked. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  /** Place in the spec, where the failure has one. */
  readonly path: string | null
  readonly retryable: boolean
  readonly exit: number
  /** Every mistake of a spec, the first of which the fields above tell; absent where there is no list. */
  readonly errors?: readonly SpecFinding[]
}

/** Exit codes by what happened; see docs/cli.md. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  incomplete: 3,
  notAuthorised: 4,
  notFound: 5,
  conflict: 6,
  unreachable: 7,
  timedOut: 8,
  cancelled: 9,
  interrupted: 130,
  terminated: 143,
} as const

/** The command line's own errors: one table. Those of the other packages carry their own codes. */
const table = {
  USAGE: exitCodes.usage,
  FILE_NOT_FOUND: exitCodes.usage,
  FILE_UNREADABLE: exitCodes.usage,
  OUTPUT_NOT_WRITABLE: exitCodes.usage,
  UNKNOWN_ESTIMATE: exitCodes.usage,
  NOT_YET_BUILT: exitCodes.usage,
  NOT_FOUND: exitCodes.notFound,
  CONFLICT: exitCodes.conflict,
  SWEEP_REMOVED: exitCodes.cancelled,
  TIMED_OUT: exitCodes.timedOut,
  REPLAY_DIFFERS: exitCodes.unexpected,
  VERIFY_FAILED: exitCodes.incomplete,
  NOT_MIGRATED: exitCodes.unreachable,
  NO_READER: exitCodes.usage,
  DETACHED_RUN: exitCodes.unexpected,
} as const

export class CliError extends Error {
  constructor(
    readonly code: keyof typeof table,
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message)
  }
  get exit(): number {
    return table[this.code]
  }
}

/** Codes of lower packages whose exit code is not theirs to know, by the ending of the class's name. */
const exitByName: Readonly<Record<string, number>> = {
  SpecError: exitCodes.usage,
  FormulaError: exitCodes.usage,
  KernelError: exitCodes.usage,
  StatisticsError: exitCodes.usage,
  QueueError: exitCodes.unreachable,
}
const unreachable = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|57P0[1-3]|53300|08\w{3}|28\w{3}|3D000)$/

interface Coded {
  code?: unknown
  hint?: unknown
  path?: unknown
  line?: unknown
  column?: unknown
  exit?: unknown
  retryable?: unknown
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError && error.code === 'commander.help')
    return {
      code: 'USAGE',
      message: 'a command is missing',
      hint: '`driftfarm --help` lists them',
      path: null,
      retryable: false,
      exit: exitCodes.usage,
    }
  if (error instanceof CommanderError)
    return {
      code: 'USAGE',
      message: sentence(error.message),
      hint: 'driftfarm --help lists the commands',
      path: null,
      retryable: false,
      exit: error.exitCode === 0 ? 0 : exitCodes.usage,
    }
  if (!(error instanceof Error))
    return {
      code: 'UNEXPECTED',
      message: String(error),
      hint: null,
      path: null,
      retryable: false,
      exit: exitCodes.unexpected,
    }
  const coded = error as Error & Coded
  const code = typeof coded.code === 'string' ? coded.code : 'UNEXPECTED'
  const lost = unreachable.test(code)
  const exit =
    typeof coded.exit === 'number'
      ? coded.exit
      : (exitByName[error.name] ??
        exitByName[error.constructor.name] ??
        (lost ? exitCodes.unreachable : exitCodes.unexpected))
  return {
    code,
    message: error.message || code,
    hint: typeof coded.hint === 'string' ? coded.hint : null,
    path: typeof coded.path === 'string' ? coded.path : null,
    retryable: coded.retryable === true || lost,
    exit,
    ...(error instanceof SpecError && { errors: error.errors }),
  }
}

/** Commander begins with "error: " in lower case and may add a suggestion on a second line. */
function sentence(message: string): string {
  return message.replace(/^error: /, '').replace(/\n/g, ' ')
}

export function printFailure({ stderr }: Shell, failure: Failure, json: boolean): void {
  if (failure.exit === 0) return
  const { code, message, hint, path, retryable, errors } = failure
  const listed = errors === undefined ? {} : { errors }
  if (json) stderr.write(`${JSON.stringify({ error: { code, message, hint, path, retryable, ...listed } })}\n`)
  else stderr.write(errors === undefined ? told(failure) : `${listOf(errors)}\n`)
}

function told({ message, hint }: Failure): string {
  return `error: ${message}${hint === null || message.includes(hint) ? '' : `\n  ${hint}`}\n`
}

/** One line each, and how many there are where there are more than one. */
function listOf(errors: readonly SpecFinding[]): string {
  const lines = errors.map(({ message }) => `error: ${message}`)
  if (errors.length === 1) return lines.join('\n')
  const more = errors.length < specLimits.errors ? '' : '; there may be more'
  return [...lines, `${errors.length} errors${more}`].join('\n')
}
