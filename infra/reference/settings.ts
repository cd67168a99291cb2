import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commands, flagsOf, passwordFile, secretVariables } from '@driftfarm/cli'
import { specLimits } from '@driftfarm/spec'
import { defaults } from '../../packages/coordinator/src/defaults.ts'
import { silenceLimits } from '../../packages/database/src/connection/client.ts'
import { connectionTimeoutMillis } from '../../packages/database/src/connection/connect.ts'
import { serverLimits } from '../../packages/database/src/connection/database.ts'
import { workerDeadAfter } from '../../packages/database/src/ledger/conditions.ts'
import { readerLimit } from '../../packages/database/src/schema/reader.ts'
import { limits as formulaLimits } from '../../packages/formula/src/index.ts'
import { settings as queueSettings } from '../../packages/queue/src/settings.ts'
import { settings as workerSettings } from '../../packages/worker/src/settings.ts'
import { exitTable } from './exits.ts'
import { generated, page, paragraph, table } from './markdown.ts'

interface Variable {
  readonly means: string
  /** The behaviour if it is not set; omitted if obvious. */
  readonly unset?: string
}
type Variables = Readonly<Record<string, Variable>>

const farm: Variables = {
  DATABASE_URL: {
    means: 'URL of the PostgreSQL database (15 or newer) of a farm: `postgresql://user:password@host:5432/database`',
    unset: 'the command uses an embedded server in the home folder',
  },
  REDIS_URL: {
    means:
      'URL of a Redis (6.2 or newer) or Valkey server for the queue: `redis://user:password@host:6379/0`, or ' +
      '`rediss://`',
    unset: 'the queue is in the database',
  },
  DRIFTFARM_HOME: {
    means: 'the folder of the embedded server and of caches; a relative path is relative to the working folder',
    unset:
      '`.driftfarm` in the project of the spec, else in the project of the working folder, else `driftfarm` in the ' +
      'user’s data folder. The project of a file is the nearest folder above it that has version control, a manifest ' +
      'such as `package.json`, or a `.driftfarm`. SLURM job scripts set the variable to `~/.cache/driftfarm`',
  },
  DRIFTFARM_URL: {
    means: 'URL of a farm to use [over HTTP](http.md) instead of its database, without `/api`',
    unset: 'commands connect to the database',
  },
  DRIFTFARM_TOKEN: { means: 'the token for DRIFTFARM_URL', unset: 'no token is sent' },
  DRIFTFARM_ACCESS: {
    means:
      'for `worker`: the access file written by `driftfarm access`, with mode 0600. It replaces DATABASE_URL and ' +
      'REDIS_URL, and cannot be combined with DATABASE_URL. Other commands that need a database refuse to run if it ' +
      'is set; those that use DRIFTFARM_URL ignore it',
    unset: 'DATABASE_URL and REDIS_URL are used',
  },
  DRIFTFARM_ADMIN_TOKEN_FILE: {
    means:
      'for `up` and `coordinator`: a file that holds the first administrator token, at least 32 characters ' +
      'without spaces',
    unset: 'no token is created at the start; `driftfarm token create` creates tokens',
  },
  DRIFTFARM_READER_PASSWORD: {
    means: 'on a farm: the password that `db migrate` sets for the read-only login; `sql` and `db url` use it',
    unset: 'the read-only login has no password',
  },
  DRIFTFARM_READER_URL: {
    means: 'on a farm: the complete URL with which `sql` and `db url` read. It takes precedence over the password',
    unset: 'DATABASE_URL with the read-only login and its password',
  },
  DRIFTFARM_NATIVE: {
    means: 'for `run`, `up` and `worker`: the value of `--native` if the option is not given',
    unset: '`auto` for `run`, `off` for `up` and `worker`',
  },
  DRIFTFARM_CC: {
    means: 'the C compiler for `--native`, by name or path; clang or gcc',
    unset: '`clang` or else `gcc`',
  },
}

const terminal: Variables = {
  NO_COLOR: { means: 'if set to any value: no colours', unset: 'colours on a terminal' },
  TERM: { means: '`dumb`: no colours; a name that ends with `-direct`: 24-bit colours' },
  COLORTERM: { means: '`truecolor` or `24bit`: 24-bit colours in figures', unset: '256 colours' },
  LC_ALL: {
    means:
      'the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set counts. If it names UTF-8, figures use characters ' +
      'beyond ASCII',
  },
}

/** Variables that other programs or the system set. */
const others: Variables = {
  SLURM_CPUS_PER_TASK: {
    means: 'number of computing threads if `--threads` is not given. If it is not set, `SLURM_CPUS_ON_NODE` is used',
    unset: 'all cores',
  },
  SLURM_JOB_END_TIME: {
    means: 'with `worker --time-limit auto`: the end of the job, in seconds since 1970',
    unset: '`scontrol` reports the end of the job `SLURM_JOB_ID`',
  },
  XDG_DATA_HOME: {
    means:
      'on Linux: the user’s data folder. On Windows it is `LOCALAPPDATA`, on macOS `~/Library/Application Support`',
    unset: '`~/.local/share`',
  },
  HOME: {
    means: 'the user’s home folder, which is never treated as a project. If it is not set, `USERPROFILE` is used',
    unset: 'the home folder that the system reports',
  },
}

/** Variables that are mentioned in the texts of other variables, or that are not settings. */
const beside: readonly string[] = [
  'LC_CTYPE',
  'LANG',
  'SLURM_CPUS_ON_NODE',
  'SLURM_JOB_ID',
  'LOCALAPPDATA',
  'USERPROFILE',
  // Set by the build, passed to the embedded server, or written in scripts of other programs.
  'DRIFTFARM_BUNDLED',
  'PATH',
  'TEMP',
]

/** Labels of documented limits. The value is null for limits that no spec can exceed. */
const limitWords: Readonly<Record<keyof typeof specLimits, string | null>> = {
  bytes: 'size of a spec in bytes',
  keys: 'keys in one mapping',
  nesting: 'nesting levels of mappings and lists',
  aliasedValues: 'values repeated by YAML aliases',
  errors: 'mistakes reported at once',
  cells: 'cells in a sweep',
  designValues: 'points of a design (`sobol`, `latin`) times the number of its axes',
  searchedCells: 'grid points of a threshold search, summed over all cells of the other axes',
  budgetedCells: 'cells that share a `budget`',
  contrastPairs: 'pairs of cells compared by contrasts',
  trialsPerCell: 'trials per cell',
  trialsPerSweep: 'trials per sweep',
  steps: 'steps per trial',
  dimension: 'coordinates of a landscape',
  networkDimension: 'weights and biases of a network',
  shapeDimension: 'coordinates of a landscape whose Hessian or covariance shapes the drift',
  fileBytes: 'size in bytes of a file that a spec names, also when unpacked',
  dataValues: 'numbers in a data set',
  columns: 'columns of a file',
  byteTable: null,
  labels: 'distinct words in a column',
  inputName: 'characters in the name of an input, such as `colour=red`',
  nodes: 'numbers, names and operators in an expression',
  dependencies: 'length of a chain of numbers in which each depends on the next',
  exits: 'named exits',
  marks: 'marks',
  classes: 'classes of `classify`',
  minima: 'named minima; the same limit applies to named points and to parameters',
  drifts: 'drifts of an update',
  states: 'state variables of a custom rule',
  observations: 'observations of a sweep',
  seriesPoints: 'points of an observed series',
  observedValues: 'observed values of a trial, all points of series included',
  checkedCells: 'cells of a sweep that is checked cell by cell; larger sweeps are checked axis by axis',
  shapeErrors: null,
  placedErrors: null,
  pointsWithoutNews: null,
}

const formulaWords: Readonly<Record<keyof typeof formulaLimits, string | null>> = {
  nodes: null,
  nesting: 'nesting levels of parentheses, calls, signs and powers in an expression',
  terms: 'terms in one `sum` or `prod`',
  operations: 'operations in one evaluation of an expression',
  derivedNodes: 'numbers, names and operators in the derivative of an expression',
  simplifiedParts: 'parts of a derivative while it is simplified',
}

const seconds = (ms: number): string => `${ms / 1_000} s`
/** Formats a time of PostgreSQL in seconds, such as `60s`. */
const secondsIn = (time: string): string => `${/\d+/.exec(time)![0]} s`

const times: readonly (readonly [what: string, value: string])[] = [
  ['interval of worker heartbeats', seconds(workerSettings.heartbeatMs)],
  ['time without a heartbeat after which the batches of a worker are dispatched again', seconds(defaults.deadAfterMs)],
  ['time without a heartbeat after which a worker is shown as silent', secondsIn(workerDeadAfter)],
  ['time for which a lost worker is still listed', seconds(defaults.goneAfterMs)],
  ['interval at which the leading coordinator renews its term', seconds(defaults.renewMs)],
  ['length of the term of the leading coordinator', seconds(defaults.termMs)],
  ['longest time between two comparisons of database and queue', seconds(defaults.reconcileMs)],
  ['time after which a job that is missing from the queue is checked again', seconds(defaults.lostAfterMs)],
  ['lock duration of a job in the queue', seconds(queueSettings.lockDurationMs)],
  ['interval at which the queue searches for expired locks', seconds(queueSettings.stalledIntervalMs)],
  ['time limit of a queue operation', seconds(queueSettings.operationTimeoutMs)],
  ['target duration of a batch or bundle, on a farm with at most 75 threads', `${defaults.bundleSeconds} s`],
  ['deadline of a batch, as a multiple of its expected time', String(workerSettings.deadlineFactor)],
  ['minimum deadline of a batch', seconds(workerSettings.minDeadlineMs)],
  ['longest time between two commits of finished batches', seconds(workerSettings.commitMs)],
  [
    'time for which a worker keeps computed results while the database is unreachable',
    seconds(workerSettings.patienceMs),
  ],
  [
    'time without a successful heartbeat after which a process reconnects to the database',
    seconds(workerSettings.replaceConnectionsMs),
  ],
  ['time limit for opening a connection to PostgreSQL', seconds(connectionTimeoutMillis)],
  ['time limit of a statement of the farm', seconds(serverLimits.statement_timeout)],
  ['time limit of a statement of the login `driftfarm_reader`', secondsIn(readerLimit)],
  [
    'idle time after which PostgreSQL ends a transaction of the farm',
    seconds(serverLimits.idle_in_transaction_session_timeout),
  ],
  [
    'silence of the connection during a statement, after which the farm asks PostgreSQL on another connection ' +
      'whether the statement is still running',
    seconds(silenceLimits.askAfterMs),
  ],
  [
    'time after this question until the connection is replaced, if the statement is no longer running',
    seconds(silenceLimits.graceMs),
  ],
  [
    'time for which a connection to Redis may be silent during a command before it is replaced',
    seconds(queueSettings.silenceMs),
  ],
  [
    'the same, for the connection on which a worker waits for jobs',
    seconds(queueSettings.silenceMs + 1_000 * queueSettings.drainDelayS),
  ],
]

const served = ['up', 'coordinator', 'worker']

/** docs/reference/settings.md. */
export function settingsReference(): string {
  requireAll([...Object.keys({ ...farm, ...terminal, ...others }), ...beside, passwordFile, ...secretVariables])
  return page([
    '# Settings',
    '',
    ...paragraph(
      'With this page you can look up every environment variable, option of a farm process, limit, time and exit ' +
        'code. Drift Farm has no configuration file. ' +
        `Only the [spec](spec.md) determines what a sweep computes, so settings do not change results. ${generated}`,
    ),
    '## Environment',
    '',
    ...paragraph(
      'An empty variable counts as not set. All processes of a farm need the same DATABASE_URL and REDIS_URL. ' +
        '`driftfarm doctor` shows the settings that are in effect.',
    ),
    ...variableTable(farm),
    '### Secrets in files',
    '',
    ...paragraph(
      `Some variables can be read from a file instead: ${words(secretVariables)}. Append \`_FILE\` to the name of ` +
        `the variable, as in \`${secretVariables[0]}_FILE\`, and set this to the path of the file. The file is ` +
        `ignored if the variable itself is set. \`${passwordFile}\` names a file with the password for a ` +
        'DATABASE_URL without a password. Spaces and line ends around the value are ignored.',
    ),
    '### Terminal',
    '',
    ...variableTable(terminal),
    '### Set by other programs',
    '',
    ...variableTable(others),
    '## Options of the processes of a farm',
    '',
    ...paragraph(
      'The options of other commands are described with their [commands](commands.md). Environment variables can set ' +
        'only two options of `worker`, `coordinator` and `up`: `--threads`, and the end of the SLURM job for ' +
        '`--time-limit auto`. ' +
        'The systemd units read `THREADS` and `LISTEN` from `driftfarm.env`. Docker Compose reads `DRIFTFARM_PORT`, ' +
        '`POSTGRES_PORT`, `WORKER_THREADS` and `WORKER_DATABASE`. The program itself ignores these variables.',
    ),
    ...optionTable(),
    '## Limits',
    '',
    ...paragraph('These are the largest possible values. Exceeding one is an error that names the limit.'),
    ...table(['limit', 'value'], limitRows()),
    '## Times of a farm',
    '',
    ...paragraph(
      'These times cannot be changed. [Troubleshooting](../operate/troubleshooting.md) explains their effect when a ' +
        'process or machine fails.',
    ),
    ...table(['time', 'value'], times),
    '## Exit codes',
    '',
    ...paragraph(
      'Each [error](errors.md) of a command has an exit code. Over HTTP, the same error has the status in the last ' +
        'column. If a row has several statuses, the first is the usual one. The others describe the error [more ' +
        'precisely](http.md#answers).',
    ),
    ...exitTable(),
  ])
}

const words = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const variableTable = (variables: Variables): string[] =>
  table(
    ['variable', 'meaning', 'not set'],
    Object.entries(variables).map(([name, { means, unset = '' }]) => [`\`${name}\``, means, unset]),
  )

function optionTable(): string[] {
  const options = new Map<string, { readonly help: string; readonly of: string[] }>()
  for (const { name, options: declared } of commands.filter(({ name }) => served.includes(name)))
    for (const [key, option] of Object.entries(declared)) {
      const choices = option.choices === undefined ? '' : ` (${option.choices.join(', ')})`
      const flags = flagsOf(key, option)
      const known = options.get(flags) ?? { help: `${option.help}${choices}`, of: [] }
      known.of.push(`\`${name}\``)
      options.set(flags, known)
    }
  return table(
    ['option', 'of', 'meaning'],
    [...options].map(([flags, { help, of }]) => [`\`${flags}\``, of.join(', '), help]),
  )
}

function limitRows(): (readonly string[])[] {
  const rows = (limits: Readonly<Record<string, number | bigint>>, words: Readonly<Record<string, string | null>>) =>
    Object.entries(words).flatMap(([key, what]) => (what === null ? [] : [[what, numeral(limits[key]!)]]))
  return [...rows(specLimits, limitWords), ...rows(formulaLimits, formulaWords)]
}

/** Writes 1,048,576, and 10^9 and larger powers of ten as powers. */
function numeral(value: number | bigint): string {
  const digits = BigInt(value).toString()
  return /^10{9,}$/.test(digits) ? `10^${digits.length - 1}` : Number(value).toLocaleString('en')
}

/** Throws if the program reads a variable that this page does not list. */
function requireAll(known: readonly string[]): void {
  const packages = fileURLToPath(new URL('../../packages/', import.meta.url))
  const found = new Set<string>()
  for (const name of readdirSync(packages).filter((name) => name !== 'testing')) {
    const folder = join(packages, name, 'src')
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (/\.tsx?$/.test(file) && !/\.(test|fixture|generated)\.|generated[\\/]/.test(file))
        for (const variable of variablesIn(readFileSync(join(folder, file), 'utf8'))) found.add(variable)
  }
  const missing = [...found].filter((name) => !known.includes(name.replace(/_FILE$/, '')) && !known.includes(name))
  if (missing.length > 0) throw new Error(`infra/reference/settings.ts does not have ${missing.join(', ')}`)
}

/** Variables in a source: names with our prefix, properties of `env`, and names destructured from it. */
function variablesIn(source: string): string[] {
  const named = source.match(/\bDRIFTFARM_[A-Z_]+\b|(?<=\benv\.)[A-Z][A-Z_]+\b/g) ?? []
  const taken = [...source.matchAll(/\{([^{}]*)\}(?: = (?:\w+\.)?env\b|: Environment\b)/g)]
  return [...named, ...taken.flatMap(([, inside = '']) => inside.match(/\b[A-Z][A-Z_]+\b/g) ?? [])]
}
