import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportedError } from '@driftfarm/report'
import { ReplayError } from '../../packages/answers/src/replayError.ts'
import { ServerAddressError } from '../../packages/api/src/client/error.ts'
import { ApiError } from '../../packages/api/src/error.ts'
import { CliError } from '../../packages/cli/src/failure.ts'
import { AccessError } from '../../packages/database/src/access/errors.ts'
import { DatabaseError } from '../../packages/database/src/errors.ts'
import { LedgerError } from '../../packages/database/src/ledger/errors.ts'
import { FarmError } from '../../packages/farm/src/error.ts'
import { type CodedErrors, DriftfarmError, driftfarmError, FormulaError } from '../../packages/formula/src/index.ts'
import { KernelError } from '../../packages/kernel/src/error.ts'
import { QueueError } from '../../packages/queue/src/error.ts'
import { FigureError, FileError } from '../../packages/report/src/error.ts'
import { SpecError } from '../../packages/spec/src/errors.ts'
import { StatisticsError } from '../../packages/statistics/src/error.ts'
import { TheoryError } from '../../packages/theory/src/error.ts'
import { WorkerError } from '../../packages/worker/src/error.ts'
import { generated, page, paragraph, readable, sentence, table } from './markdown.ts'

/** Exit code, HTTP status, and whether a retry may help. */
type Facts = Pick<DriftfarmError, 'exit' | 'status' | 'retryable'>

/** An error code as one class of errors defines it. */
interface Told extends Facts {
  readonly code: string
  /** What the errors of the class are about. It is shown if another class has the same code. */
  readonly of: string
  readonly means: string
  readonly fix: string
}

/** A class of errors and its codes, each with its meaning and the facts from the table of the class. */
interface Group {
  readonly name: string
  readonly told: readonly Told[]
}

interface Source {
  readonly name: string
  readonly table: CodedErrors<string>['table']
}

function group(of: string, { name, table }: Source): Group {
  const told = Object.entries(table).map(([code, entry]): Told => {
    const { means, hint = '', fix = sentence(hint) } = entry
    return { code: shown(code), of, means, fix, ...facts(new DriftfarmError(code, '', entry)) }
  })
  return { name, told }
}

/** A code as `--json` prints it. */
const shown = (code: string): string => reportedError(new DriftfarmError(code, '', { ends: 'usage' })).code

const facts = ({ exit, status, retryable }: DriftfarmError): Facts => ({ exit, status, retryable })

interface Section {
  readonly title: string
  readonly about: string
  readonly groups: readonly Group[]
}

const sections: readonly Section[] = [
  {
    title: 'Commands and farms',
    about: 'Errors of commands and of calls of the library.',
    groups: [group('a command', CliError), group('a farm', FarmError)],
  },
  {
    title: 'Sweeps and cells',
    about: 'Errors of requests for stored sweeps and their cells.',
    groups: [group('a sweep', LedgerError)],
  },
  {
    title: 'Figures, reports and replays',
    about: 'Errors of commands that read stored trials.',
    groups: [group('a figure', FigureError), group('a report file', FileError), group('a replay', ReplayError)],
  },
  {
    title: 'Specs',
    about:
      'Mistakes in a spec. All of them are reported at once, by line. Nothing is computed until they are fixed. ' +
      'The [spec reference](spec.md) describes what each key accepts.',
    groups: [group('a spec', SpecError)],
  },
  {
    title: 'Expressions',
    about:
      'Mistakes in an expression of `--where` or in the terms of a fit. Within a spec, the same mistakes have the ' +
      'code `EXPRESSION` or one of the codes above, with the same message. In the library, `code` is in lower case ' +
      'with hyphens: `unknown-function` for `UNKNOWN_FUNCTION`.',
    groups: [group('an expression', FormulaError)],
  },
  {
    title: 'Estimates, theory and kernel',
    about: 'Requests for numbers that cannot be computed, and invalid arguments of library functions.',
    groups: [group('statistics', StatisticsError), group('theory', TheoryError), group('the kernel', KernelError)],
  },
  {
    title: 'Database',
    about:
      'Errors of the database of a farm, and of the embedded database that a command starts if DATABASE_URL is ' +
      'not set.',
    groups: [group('the database', DatabaseError)],
  },
  {
    title: 'Queue and workers',
    about:
      'Errors while work is dispatched or computed. If the queue fails, no result is lost, because results do not ' +
      'pass through it.',
    groups: [group('the queue', QueueError), group('a worker', WorkerError)],
  },
  {
    title: 'HTTP and tokens',
    about: 'Errors of requests to a farm [over HTTP](http.md), from a program, a page or a command with DRIFTFARM_URL.',
    groups: [
      group('an address', ServerAddressError),
      group('a request', ApiError),
      group('a token or login', AccessError),
    ],
  },
]

/** docs/reference/errors.md: every error code, from the tables of the code. */
export function errorReference(): string {
  requireAll(sections.flatMap(({ groups }) => groups.map(({ name }) => name)))
  const all = sections.flatMap(({ groups }) => groups.flatMap(({ told }) => told))
  const lines = [
    '# Errors',
    '',
    ...paragraph(
      'With this page you can look up an error code and its fix. A command that fails prints one line that says what ' +
        'is wrong, and below it a hint what to do. With `--json` it prints one line on standard error: ' +
        '`{"error": {"code", "message", "hint", "path", "retryable"}}` ([schema](../schema/error.schema.json)). If ' +
        'a spec is wrong, `errors` lists all its mistakes. A farm returns the same object ' +
        '[over HTTP](http.md#answers), and the ' +
        '[library](library.md#errors) throws a `DriftfarmError` with the same fields. The `code` is stable. Messages ' +
        `are for people and may change. ${generated}`,
    ),
    ...paragraph(
      'The code determines the exit code ([all exit codes](settings.md#exit-codes)). An error is *retryable* if the ' +
        'same call may succeed later, because the cause may disappear by itself or an operator may fix the server.',
    ),
  ]
  const done = new Set<string>()
  for (const { title, about, groups } of sections) {
    const here = [...new Set(groups.flatMap(({ told }) => told.map(({ code }) => code)))]
    const above = here.filter((code) => done.has(code))
    lines.push(`## ${title}`, '', ...paragraph(about))
    for (const code of here.filter((each) => !done.has(each)))
      lines.push(`### \`${code}\``, '', ...entry(all.filter((each) => each.code === code)))
    if (above.length > 0)
      lines.push(...paragraph(`These codes are also possible here and are described above: ${listed(above)}.`))
    for (const code of here) done.add(code)
  }
  return page([...lines, ...foreign()])
}

function entry(told: readonly Told[]): string[] {
  // If several classes share a meaning, it is printed only once.
  const kinds = told.filter(({ means, exit }, at) => told.findIndex((o) => o.means === means && o.exit === exit) === at)
  return kinds.flatMap(({ of, means, fix, exit, status, retryable }) => [
    ...paragraph(readable(`${kinds.length > 1 ? `For ${of}: ${lower(means)}` : means}`)),
    ...paragraph(
      `**How to fix:** ${readable(fix)} Exit code ${exit}, HTTP status ${status}, ` +
        `${retryable ? '' : 'not '}retryable.`,
    ),
  ])
}

/** Returns a sentence as it continues after a colon. */
const lower = (text: string): string =>
  /^(?:An? |[A-Z][a-z])/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text

const listed = (codes: readonly string[]): string => codes.map((code) => `\`${code}\``).join(', ')

/** Frequent codes of Node and PostgreSQL, with their meaning. */
const others = {
  ECONNREFUSED: 'nothing is listening at the address',
  ECONNRESET: 'the other side closed the connection',
  ETIMEDOUT: 'no response came in time',
  ENOTFOUND: 'no host has this name',
  EHOSTUNREACH: 'the network has no route to the host',
  '53300': 'PostgreSQL has no free connection',
  '57P01': 'PostgreSQL is shutting down',
  '57P03': 'PostgreSQL is starting up or shutting down',
  '57014': 'PostgreSQL cancelled a statement that took too long',
  '40001': 'two transactions changed the same data',
  '28P01': 'PostgreSQL rejects the password',
  '3D000': 'PostgreSQL has no database of this name',
  '42501': 'the login lacks the permission',
  '25006': 'the server is a read-only copy, or the login may only read',
  ENOSPC: 'the disk of this machine is full',
  EACCES: 'the operating system denies access to a file',
  ENOMEM: 'the machine has no memory left',
} as const

function foreign(): string[] {
  const endOf = (code: string): DriftfarmError => driftfarmError(Object.assign(new Error(code), { code }))
  const unexpected = facts(driftfarmError('?'))
  return [
    '## Codes of other programs',
    '',
    ...paragraph(
      'If Drift Farm has no code for an error of Node or PostgreSQL, the error keeps its own code. Its message is ' +
        'replaced if a clearer one is known. It is retryable if the cause may disappear by itself. The most frequent ' +
        'codes are:',
    ),
    ...table(
      ['code', 'meaning', 'exit code', 'retryable'],
      Object.entries(others).map(([code, says]) => {
        const { exit, retryable } = endOf(code)
        return [`\`${code}\``, says, String(exit), retryable ? 'yes' : 'no']
      }),
    ),
    `### \`${shown(driftfarmError('?').code)}\``,
    '',
    ...entry([
      {
        code: 'UNEXPECTED',
        of: '',
        means: 'An error without a code, most likely a bug in Drift Farm.',
        fix: 'Report the error with its message and the command or request.',
        ...unexpected,
      },
    ]),
  ]
}

/** Throws if a package has a class of errors that this page does not list. */
function requireAll(names: readonly string[]): void {
  const packages = fileURLToPath(new URL('../../packages/', import.meta.url))
  const found = readdirSync(packages).flatMap((name) => {
    const folder = join(packages, name, 'src')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return files
      .filter((file) => /\w*[eE]rrors?\.ts$|failure\.ts$/.test(file))
      .flatMap(
        (file) => readFileSync(join(folder, file), 'utf8').match(/(?<=class )\w+(?= extends codedError\()/g) ?? [],
      )
  })
  const missing = found.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new Error(`infra/reference/errors.ts does not have ${missing.join(', ')}`)
}
