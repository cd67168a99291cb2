import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commands, flagsOf, passwordFile, secretVariables } from '@driftfarm/cli'
import { specLimits } from '@driftfarm/spec'
import { defaults } from '../../packages/coordinator/src/defaults.ts'
import { limits as formulaLimits } from '../../packages/formula/src/index.ts'
import { settings as queueSettings } from '../../packages/queue/src/settings.ts'
import { settings as workerSettings } from '../../packages/worker/src/settings.ts'
import { exitTable } from './exits.ts'
import { generated, page, paragraph, table } from './markdown.ts'

interface Variable {
  readonly means: string
  /** What holds where it is not set; nothing where that needs no words. */
  readonly unset?: string
}
type Variables = Readonly<Record<string, Variable>>

const farm: Variables = {
  DATABASE_URL: {
    means: 'the PostgreSQL database (15 or newer) of a farm: `postgresql://user:password@host:5432/database`',
    unset: 'a private server runs in the home folder',
  },
  REDIS_URL: {
    means: 'a Redis (6.2 or newer) or Valkey for the queue: `redis://user:password@host:6379/0`, or `rediss://`',
    unset: 'the queue is on the database',
  },
  DRIFTFARM_HOME: {
    means: 'the folder of the private server and of caches; a relative one begins at the working folder',
    unset:
      '`.driftfarm` in the project of the spec, else in that of the working folder (the nearest folder upwards with ' +
      'version control, a manifest such as `package.json`, or a `.driftfarm`), else `driftfarm` in the user’s data ' +
      'folder. Job scripts for SLURM set it to `~/.cache/driftfarm`',
  },
  DRIFTFARM_URL: {
    means: 'a farm to ask over HTTP, in place of its database ([http.md](http.md)), without `/api`',
    unset: 'the database is asked',
  },
  DRIFTFARM_TOKEN: { means: 'the token for it', unset: 'none is sent' },
  DRIFTFARM_ACCESS: {
    means:
      'of `worker`: the access file that `driftfarm access` has written, with mode 0600. It takes the place of ' +
      'DATABASE_URL, beside which it is refused, and of REDIS_URL. Other commands that would ask a ' +
      'database refuse it; those that ask the farm of DRIFTFARM_URL do not look at it',
    unset: 'DATABASE_URL and REDIS_URL hold',
  },
  DRIFTFARM_ADMIN_TOKEN_FILE: {
    means:
      'of `up` and `coordinator`: a file that holds the first token of an administrator, at least 32 characters ' +
      'without spaces',
    unset: '`driftfarm token create` makes tokens',
  },
  DRIFTFARM_READER_PASSWORD: {
    means: 'on a farm: the password that `db migrate` gives the reading login; `sql` and `db url` use it',
    unset: 'the reading login gets none',
  },
  DRIFTFARM_READER_URL: {
    means: 'on a farm: the whole address by which `sql` and `db url` read; wins over the password',
    unset: 'DATABASE_URL with the reading login and its password',
  },
}

const terminal: Variables = {
  NO_COLOR: { means: 'set to anything: no colours', unset: 'colours on a terminal' },
  TERM: { means: '`dumb`: no colours; a name that ends with `-direct`: 24-bit colours' },
  COLORTERM: { means: '`truecolor` or `24bit`: 24-bit colours in figures', unset: '256 colours' },
  LC_ALL: {
    means: 'with `LC_CTYPE` and `LANG`, the first that is set: UTF-8 lets figures use characters beyond ASCII',
  },
}

/** Variables that others set, for people and programs of their own. */
const others: Variables = {
  SLURM_CPUS_PER_TASK: {
    means: 'threads that compute, where `--threads` is not given; else `SLURM_CPUS_ON_NODE`',
    unset: 'all cores',
  },
  SLURM_JOB_END_TIME: {
    means: 'with `worker --time-limit auto`: when the job ends, in seconds since 1970',
    unset: '`scontrol` is asked for the job that `SLURM_JOB_ID` names',
  },
  XDG_DATA_HOME: {
    means:
      'on Linux: the user’s data folder. On Windows it is `LOCALAPPDATA`, on macOS `~/Library/Application Support`',
    unset: '`~/.local/share`',
  },
  HOME: {
    means: 'the user’s own folder, else `USERPROFILE`; never taken for a project',
    unset: 'what the system says',
  },
}

/** Variables that stand in the words of others, or are no settings. */
const beside: readonly string[] = [
  'LC_CTYPE',
  'LANG',
  'SLURM_CPUS_ON_NODE',
  'SLURM_JOB_ID',
  'LOCALAPPDATA',
  'USERPROFILE',
  // Set by the build, handed on to the embedded server, written in scripts of others.
  'DRIFTFARM_BUNDLED',
  'PATH',
  'TEMP',
]

/** Limits that are promised, each with words; null for those that only bound the work of telling mistakes. */
const limitWords: Readonly<Record<keyof typeof specLimits, string | null>> = {
  bytes: 'bytes of a spec',
  keys: 'keys of one mapping',
  nesting: 'levels of mappings and lists inside one another',
  aliasedValues: 'values that aliases of YAML may repeat',
  errors: 'mistakes that are told at once',
  cells: 'cells of a sweep',
  designValues: 'points of a design (`sobol`, `latin`) times its axes',
  searchedCells: 'points of the grid of a threshold, over all cells of the other axes',
  budgetedCells: 'cells that share a `budget`',
  contrastPairs: 'pairs of cells that contrasts compare',
  trialsPerCell: 'trials of a cell',
  trialsPerSweep: 'trials of a sweep',
  steps: 'steps of a trial',
  dimension: 'coordinates of a landscape',
  networkDimension: 'weights and biases of a network',
  shapeDimension: 'coordinates of a landscape whose Hessian or covariance shapes the drift',
  fileBytes: 'bytes of a file that a spec names',
  dataValues: 'numbers of a data set',
  labels: 'different words of a column',
  inputName: 'characters of the name of an input, such as `colour=red`',
  nodes: 'numbers, names and operators of an expression',
  dependencies: 'numbers that need one another in a chain',
  exits: 'named exits',
  marks: 'marks',
  classes: 'classes of `classify`',
  minima: 'named minima, and as many points and parameters',
  drifts: 'drifts of an update',
  states: 'states of a custom rule',
  checkedCells: 'cells up to which a spec is checked cell by cell, and not axis by axis',
  shapeErrors: null,
  placedErrors: null,
  pointsWithoutNews: null,
  repairedValues: null,
}

const formulaWords: Readonly<Record<keyof typeof formulaLimits, string | null>> = {
  nodes: null,
  nesting: 'levels of parentheses, calls, signs and powers inside one another, in an expression',
  terms: 'terms of one `sum` or `prod`',
  operations: 'operations of one evaluation of an expression',
  derivedNodes: 'numbers, names and operators of an expression that was derived',
  simplifiedParts: 'parts that may arise while derivatives are simplified',
}

const seconds = (ms: number): string => `${ms / 1_000} s`

const times: readonly (readonly [what: string, value: string])[] = [
  ['a worker shows that it lives, every', seconds(workerSettings.heartbeatMs)],
  ['the batches of a worker that is not heard of are handed out again after', seconds(defaults.deadAfterMs)],
  ['a lost worker is shown for', seconds(defaults.goneAfterMs)],
  ['the leading coordinator renews its term, every', seconds(defaults.renewMs)],
  ['its term', seconds(defaults.termMs)],
  ['database and queue are compared at least every', seconds(defaults.reconcileMs)],
  ['lock of a job in the queue', seconds(queueSettings.lockDurationMs)],
  ['an operation of the queue may take', seconds(queueSettings.operationTimeoutMs)],
  ['work of a batch that is aimed at, for one thread', `${defaults.batchSeconds} s`],
  ['a batch is ended after this many times its expected time', String(workerSettings.deadlineFactor)],
  ['but not before', seconds(workerSettings.leastDeadlineMs)],
  ['what is done is committed at least every', seconds(workerSettings.commitMs)],
  ['a worker keeps what it has computed for a database that is away', seconds(workerSettings.patienceMs)],
  [
    'a process whose signs of life do not reach the database makes its connections anew after',
    seconds(workerSettings.anewMs),
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
      `${generated} Everything that a process of Drift Farm takes from its surroundings: variables of the ` +
        `environment, ` +
        'options of the processes of a farm, limits and times. There is no file of settings. What a sweep computes ' +
        'stands in its [spec](spec.md) alone, so that no setting changes a result.',
    ),
    '## Environment',
    '',
    ...paragraph(
      'A variable that is set to nothing counts as not set. All processes of a farm need the same DATABASE_URL and ' +
        'REDIS_URL. `driftfarm doctor` shows what is found.',
    ),
    ...variableTable(farm),
    '### Secrets in files',
    '',
    ...paragraph(
      `Each of ${words(secretVariables)} may be a file instead: the variable with \`_FILE\` after its name, ` +
        `such as ` +
        `\`${secretVariables[0]}_FILE\`, names one that holds the value, and is read where the variable itself ` +
        `is not set. \`${passwordFile}\` names a file with the password for a DATABASE_URL that has none. Spaces and ` +
        'line ends ' +
        'around the value do not count.',
    ),
    '### The terminal',
    '',
    ...variableTable(terminal),
    '### What others set',
    '',
    ...variableTable(others),
    '## Options of the processes of a farm',
    '',
    ...paragraph(
      'The other options are with their [commands](commands.md). A worker, a coordinator and `up` read no ' +
        'option from ' +
        'the environment besides the number of threads and the end of a SLURM job. `THREADS` and `LISTEN` of ' +
        '`driftfarm.env` are read by the units of systemd, and `DRIFTFARM_PORT`, `POSTGRES_PORT`, `WORKER_THREADS` ' +
        'and `WORKER_DATABASE` by docker compose; the program itself does not look at them.',
    ),
    ...optionTable(),
    '## Limits',
    '',
    ...paragraph('The largest that is possible. Beyond a limit there is an error that names it.'),
    ...table(['most', 'value'], limitRows()),
    '## Times of a farm',
    '',
    ...paragraph('They cannot be set. [Operate](../howto/operate.md) says what follows from them when something dies.'),
    ...table(['what', 'value'], times),
    '## Exit codes',
    '',
    ...paragraph(
      'What a command returns. [Errors](errors.md) have one each, and HTTP says the same by its status. Where a row ' +
        'has several, the first is the usual one, and the others say [more exactly](http.md#answers) what is wrong.',
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

/** 1,048,576; powers of ten from 10^9 on as such. */
function numeral(value: number | bigint): string {
  const digits = BigInt(value).toString()
  return /^10{9,}$/.test(digits) ? `10^${digits.length - 1}` : Number(value).toLocaleString('en')
}

/** Throws where the program reads a variable that the reference does not have. */
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

/** Variables that a source names: by our prefix, as a property of `env`, or taken out of it. */
function variablesIn(source: string): string[] {
  const named = source.match(/\bDRIFTFARM_[A-Z_]+\b|(?<=\benv\.)[A-Z][A-Z_]+\b/g) ?? []
  const taken = [...source.matchAll(/\{([^{}]*)\}(?: = (?:\w+\.)?env\b|: Environment\b)/g)]
  return [...named, ...taken.flatMap(([, inside = '']) => inside.match(/\b[A-Z][A-Z_]+\b/g) ?? [])]
}
