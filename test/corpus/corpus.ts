import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@driftfarm/testing/port'

const folder = fileURLToPath(new URL('.', import.meta.url))
const builtCommand = fileURLToPath(new URL('../../packages/cli/bin/driftfarm.js', import.meta.url))
const spec = (name: string): string => join('specs', `${name}.yaml`)

const sweeps = [
  'grid',
  'everything',
  'contrasts',
  'relative',
  'gbas',
  'above',
  'events',
  'budget',
  'heavy',
  'split',
  'tilt',
  'xor',
  'quiet',
  'kramers',
  'threshold',
] as const

/** Stands for a file, whose contents are then stored as the document. */
const outputFile = 'OUTPUT'

const figures: readonly (readonly [name: string, sweep: string, ...options: string[]])[] = [
  ['map', 'grid', '--kind', 'map'],
  ['map-width', 'grid', '--kind', 'map', '--show', 'width', '--log', 'x,y'],
  ['line', 'kramers', '--kind', 'line', '--log', 'y'],
  ['line-oracle', 'heavy', '--kind', 'line', '--oracle', '--theme', 'dark'],
  ['boundary', 'threshold', '--kind', 'boundary'],
  ['curve', 'grid', '--kind', 'curve', '--by', 'update.eta'],
  ['ends', 'grid', '--kind', 'ends'],
  ['fit', 'kramers', '--kind', 'fit', '--fit', 'log(escapeRate) ~ 1/T'],
  ['residuals', 'kramers', '--kind', 'residuals', '--fit', 'log(escapeRate) ~ 1/T'],
  ['convergence', 'gbas', '--kind', 'convergence', '--cell', '0'],
  ['trajectory', 'grid', '--kind', 'trajectory', '--cell', '1', '--trial', '0,1,2'],
  ['trajectory-plane', 'everything', '--kind', 'trajectory', '--cell', '0', '--plain', '--width', '400'],
  ['contrast', 'contrasts', '--kind', 'contrast'],
]

/** The documents and the commands that print them, which run in this order in one home. */
const commands: readonly (readonly [name: string, ...command: string[]])[] = [
  ...sweeps.map((name) => [`run-${name}`, 'run', spec(name), '--json'] as const),
  ...sweeps.map((name) => [`results-${name}`, 'results', name, '--json'] as const),
  ...(['grid', 'split', 'everything', 'contrasts'] as const).map((name) => [`table-${name}`, 'results', name] as const),
  ...(['grid', 'split', 'tilt'] as const).flatMap(
    (name) =>
      [
        [`csv-${name}`, 'results', name, '--format', 'csv'],
        [`jsonl-${name}`, 'results', name, '--format', 'jsonl'],
        [`rows-${name}`, 'results', name, '--rows', '--format', 'csv'],
        [`rows-jsonl-${name}`, 'results', name, '--rows', '--format', 'jsonl'],
      ] as const,
  ),
  ['rows-json', 'results', 'xor', '--rows', '--json'],
  ['curve', 'results', 'grid', '--curve', '--json'],
  ['curve-csv', 'results', 'grid', '--curve', '--format', 'csv'],
  ['best', 'results', 'grid', '--best', 'escape', '--json'],
  ['best-min', 'results', 'grid', '--best', 'escapeStep', '--min', '--json'],
  ['best-cost', 'results', 'grid', '--best', 'cost:deep', '--json'],
  ['best-table', 'results', 'grid', '--best', 'escape'],
  ['fit', 'results', 'kramers', '--fit', 'log(escapeRate) ~ 1/T', '--json'],
  ['fit-table', 'results', 'kramers', '--fit', 'log(escapeRate) ~ 1/T'],
  ['contrasts-json', 'results', 'contrasts', '--contrasts', '--json'],
  ['contrasts-csv', 'results', 'contrasts', '--contrasts', '--format', 'csv'],
  ['contrasts-jsonl', 'results', 'contrasts', '--contrasts', '--format', 'jsonl'],
  ['status', 'status', 'grid', '--json'],
  ['list', 'list', '--json'],
  ['replay', 'replay', 'grid', '0', '3', '--json'],
  ['replay-control', 'replay', 'grid', '0', '0', '--control', '--json'],
  ['replay-replica', 'replay', 'split', '1', '2', '--json'],
  ['replay-weighted', 'replay', 'tilt', '0', '2', '--json'],
  ['verify', 'verify', 'grid', '--json'],
  ['verify-full', 'verify', 'xor', '--full', '--json'],
  ['plan', 'plan', spec('exact'), '--no-pilot', '--json'],
  ['plan-stored', 'plan', spec('grid'), '--no-pilot', '--json'],
  ['plan-sizing', 'plan', spec('grid'), '--no-pilot', '--width', '0.01', '--confidence', '0.95', '--json'],
  ['plan-table', 'plan', spec('exact'), '--no-pilot'],
  ['oracle', 'oracle', spec('exact'), '--json'],
  ['oracle-table', 'oracle', spec('kramers')],
  ['oracle-kramers', 'oracle', spec('kramers'), '--json'],
  ['theorem', 'theorem', spec('exact'), '--json'],
  ['theorem-table', 'theorem', spec('exact')],
  ['minima', 'minima', spec('quiet'), '--json'],
  ['minima-table', 'minima', spec('quiet')],
  ['landscapes', 'landscapes', '--json'],
  ['landscape', 'landscapes', 'three-hole', '--json'],
  [
    'sql',
    'sql',
    'select name, "index", estimates from cell join sweep on sweep.id = cell.sweep order by 1, 2',
    '--json',
  ],
  ...figures.flatMap(
    ([name, sweep, ...options]) =>
      [
        [`figure-${name}.svg`, 'figure', sweep, ...options, '-o', outputFile],
        [`figure-${name}.json`, 'figure', sweep, ...options, '-o', outputFile],
      ] as const,
  ),
  ['figure-terminal', 'figure', 'grid'],
  ['figure-landscape.svg', 'figure', spec('everything'), '--kind', 'landscape', '-o', outputFile],
  ...sweeps.map((name) => [`report-${name}.md`, 'report', name, '-o', outputFile] as const),
  ['report-grid.html', 'report', 'grid', '--with', 'kramers', '--oracle', '--theorem', '-o', outputFile],
  ['compare', 'compare', 'relative', 'gbas', '--json'],
  ['compare-table', 'compare', 'relative', 'gbas'],
  ['compare-split', 'compare', 'grid', '--split', '200', '--format', 'csv'],
  ['fit-csv', 'fit', 'kramers', 'log(escapeRate) ~ 1/T', '--format', 'csv'],
]

/** What the API answers when all sweeps are complete: paths below `/api/v1` by the name of the stored file. */
const requests: readonly (readonly [name: string, paths: readonly string[]])[] = [
  ...sweeps.map(
    (name) =>
      [
        `http-${name}`,
        [
          '',
          '/results',
          '/results?format=csv',
          '/cells',
          '/cells?cells=0',
          '/cells/0',
          '/cells/0/trials/1',
          '/cells/0/trials/1/trajectory',
          '/curves',
          '/curves?format=csv',
          '/rows?format=json',
          '/rows?format=parquet',
          '/settings',
          '/spec',
          '/namesakes',
          '/best?of=escape',
          '/convergence?of=escape&cells=0',
          '/figures/auto.svg',
        ].map((path) => `/sweeps/${name}${path}`),
      ] as const,
  ),
  [
    'http-farm',
    [
      '/openapi.json',
      '/sweeps?limit=3',
      '/sweeps?name=grid',
      '/failures',
      '/session',
      '/compare?first=relative&second=gbas',
      '/compare?first=grid&split=200&of=escape',
      '/sweeps/kramers/fit?formula=log(escapeRate)~1/T',
      '/sweeps/kramers/figures/fit.svg?fit=log(escapeRate)~1/T',
      '/sweeps/grid/figures/map.json?show=width',
      '/sweeps/grid/figures/map.json?cell=0',
      '/sweeps/grid/best?of=escapd',
      '/sweeps/grid/best',
      '/sweeps/grid/results?format=xml',
      '/sweeps/grid/cells/99',
      '/sweeps/kramers/cells/0/exact',
      '/sweeps/heavy/cells/0/theorem',
      '/sweeps/no-such-sweep',
      '/sweeps/grid/no-such-thing',
      '/no-such-route',
    ],
  ],
]

/** Commands that change what is stored. */
const changes: typeof commands = [
  ['extend', 'extend', 'heavy', '--trials', '300', '--json'],
  ['remove', 'rm', 'tilt', '--json'],
  ['error-name', 'results', 'no-such-sweep', '--json'],
  ['error-estimate', 'results', 'grid', '--best', 'escapd', '--json'],
  ['error-fit', 'results', 'grid', '--fit', 'escape ~', '--json'],
  ['error-cell', 'replay', 'grid', '99', '0', '--json'],
  ['error-usage', 'run', '--json'],
  ['help', '--help'],
]

/** Exit code, standard output and standard error of every command, without values that depend on time or machine. */
async function printed(command = builtCommand): Promise<Map<string, string>> {
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-corpus-'))
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
  const env = { ...inherited, DRIFTFARM_HOME: home, NO_COLOR: '1', COLUMNS: '120' }
  const documents = new Map<string, string>()
  // One server for all commands. Otherwise each of them would start and stop its own.
  const keeper = spawn(process.execPath, [command, 'db', 'url', '--keep'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(keeper.stdout, 'data')
  const print = ([name, ...arguments_]: (typeof commands)[number]): void => {
    const output = join(home, name)
    const isFile = arguments_.includes(outputFile)
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, ...arguments_.map((word) => (word === outputFile ? output : word))],
      {
        cwd: folder,
        env,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    )
    const written = isFile && status === 0 ? withoutDrawings(readFileSync(output, 'utf8'), name) : stdout
    const messages = arguments_.includes('--json') || (isFile && status !== 0) ? stderr : ''
    documents.set(name, `exit ${status}\n${still(written)}${still(messages.replaceAll(home, 'HOME'))}`)
  }
  for (const each of commands) print(each)
  for (const [name, text] of await answered(command, env)) documents.set(name, text)
  for (const each of changes) print(each)
  keeper.kill('SIGINT')
  await once(keeper, 'exit')
  rmSync(home, { recursive: true, force: true })
  return documents
}

/** What the API answers to `requests`. Long answers are stored as their hash. */
async function answered(command: string, env: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  const port = await freePort()
  const listen = `127.0.0.1:${port}`
  const served = spawn(process.execPath, [command, 'up', '--threads', '1', '--listen', listen], {
    env,
    stdio: 'ignore',
  })
  while (!(await isReady(listen))) await setTimeout(200)
  const documents = new Map<string, string>()
  for (const [name, paths] of requests) {
    const parts: string[] = []
    for (const path of paths) {
      const response = await fetch(`http://${listen}/api/v1${path}`)
      const type = response.headers.get('content-type')
      const bytes = Buffer.from(await response.arrayBuffer())
      const text = /json|text|yaml|svg|csv/.test(type ?? '') ? still(withoutDrawings(bytes.toString(), path)) : bytes
      const body =
        text.length > 3_000 || typeof text !== 'string' ? createHash('sha256').update(text).digest('hex') : text
      parts.push(`GET ${path}\n${response.status} ${type}\n${body}\n`)
    }
    documents.set(name, parts.join('\n'))
  }
  served.kill('SIGINT')
  await once(served, 'exit')
  return documents
}

const isReady = async (listen: string): Promise<boolean> =>
  (await fetch(`http://${listen}/readyz`).catch(() => null))?.status === 200

/** A report without its figures and data. They are stored on their own, so that a change shows in one file only. */
function withoutDrawings(text: string, name: string): string {
  return name.includes('report')
    ? text
        .replace(/<svg[\s\S]*?<\/svg>/g, '<svg/>')
        .replace(/data:[^"')]+/g, 'DATA')
        // The data of the report: compressed, with the processor time of its trials.
        .replace(/(<script type="application\/vnd\.driftfarm[^>]*>)[^<]*/g, '$1DATA')
    : text
}

/** Replaces values that depend on the time of the run. */
function still(text: string): string {
  return (
    text
      .replace(/("(?:cpuSeconds|secondsPerTrial|seconds|cpu_seconds)":) ?[\d.e+-]+/g, '$1"TIME"')
      .replace(/(CPU time(?:: |<\/dt><dd>))[\d.]+ m?s/g, '$1TIME')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'INSTANT')
      .replace(/(Made by Drift Farm \S+ on )\d{4}-\d\d-\d\d/g, '$1DAY')
      .replace(/,[\d.e-]+(?=,mset128:)/g, ',TIME')
      .replace(/\d+ of \d+ batches|batches: \d+ of \d+/g, 'BATCHES')
      // The version of a page of cells counts batches, too.
      .replace(/("version":"\d+\.)\d+(?=\.\d+\.\d+\.\d+\.\w+")/g, '$1BATCHES')
      .replace(/"batches":\{[^}]*\}/g, '"batches":"BATCHES"')
      // A course of convergence has a point for each batch.
      .replace(/("method":"[^"]*","points":\[)[^\]]*/g, '$1"BATCHES"')
      // A plan checks as many cells as it has time for.
      .replace(/"checks":\[\{"index":.*?(,"sizing"|,"recommended"|\},"warnings")/g, '"checks":"BY TIME"$1')
      .replace(/(?:CELLS|all cells|\d+ of \d+ cells \([\d, ]+\)), without (?:a trial|running trials)/g, 'CELLS BY TIME')
      .replace(/(CELLS BY TIME[\s\S]*\n)checks: [\s\S]*$/, '$1checks: BY TIME\n')
  )
}

const fileOf = (name: string): string => join(folder, 'documents', `${name}.txt`)

const storedAt = (name: string, commit: string | undefined): string =>
  commit === undefined
    ? readFileSync(fileOf(name), 'utf8')
    : execFileSync('git', ['show', `${commit}:./documents/${name}.txt`], {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })

/** Stores all documents and returns their number. */
export async function record(command?: string): Promise<number> {
  const documents = await printed(command)
  for (const [name, text] of documents) writeFileSync(fileOf(name), text)
  return documents.size
}

export interface Comparison {
  readonly same: number
  /** Each with the text around the first difference. */
  readonly different: readonly { readonly name: string; readonly first: string }[]
}

/** Keys of documents that were renamed since commit e857937c, which still has the old documents. */
const renames: Readonly<Record<string, string>> = {
  mend: 'hint',
  demanded: 'requested',
  trialsDemanded: 'trialsRequested',
  heldBy: 'otherSweeps',
}

/** Keys of documents that were added since then. */
const additions = new Set(['disk'])

/** Texts whose numbers were reworded since then. */
const reworded: readonly (readonly [before: RegExp, now: string])[] = [
  [/nothing speaks against (\d+) of \1 cells/g, 'all $1 cells pass every check'],
  [/what the probability lacks to 1 is known to about/g, 'relative uncertainty'],
  [/^disk .*$/gm, ''],
]

/**
 * Compares what is printed now with the stored documents, or with those of an earlier commit: every character, or only
 * `numbers` and structure.
 */
export async function comparison({
  command,
  since,
  numbers = false,
}: {
  command?: string
  since?: string
  numbers?: boolean
}): Promise<Comparison> {
  const documents = await printed(command)
  const different: { name: string; first: string }[] = []
  for (const [name, text] of documents) {
    const stored = still(storedAt(name, since))
    const shown = (each: string) => (numbers ? withoutWords(each, /table|help/.test(name)) : each)
    const [before, after] = [shown(stored), shown(text)]
    if (before !== after) different.push({ name, first: firstDifference(before, after) })
  }
  const known = new Set(readdirSync(join(folder, 'documents')).map((name) => name.replace(/\.txt$/, '')))
  for (const name of documents.keys()) known.delete(name)
  for (const name of known) different.push({ name, first: 'is no longer printed' })
  return { same: documents.size - different.length, different }
}

/**
 * JSON with its renamed keys and without sentences. Of other lines, only the numbers: in their order in CSV, and sorted
 * in `tables` and help, because rewording a sentence can change the order of its numbers.
 */
function withoutWords(text: string, tables: boolean): string {
  if (!tables) return text.split('\n').map(lineWithoutWords).join('\n')
  const now = reworded.reduce((each, [before, after]) => each.replace(before, after), text)
  return numbersIn(now).sort().join(' ')
}

function lineWithoutWords(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line, (_, value) => renamed(value)))
  } catch {
    return numbersIn(line).join(' ')
  }
}

function numbersIn(text: string): string[] {
  return text.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?/g) ?? []
}

/** JSON with the present names of its keys, without the added ones. A string that contains a space is a sentence. */
function renamed(value: unknown): unknown {
  if (typeof value === 'string') return value.includes(' ') ? 'WORDS' : value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const kept = Object.entries(value).filter(([key]) => !additions.has(key))
  return Object.fromEntries(kept.map(([key, inner]) => [renames[key] ?? key, inner]))
}

function firstDifference(before: string, after: string): string {
  const at = [...before].findIndex((character, place) => character !== after[place])
  const from = Math.max(0, (at < 0 ? before.length : at) - 60)
  return `…${before.slice(from, from + 120)}… was, …${after.slice(from, from + 120)}… is`
}
