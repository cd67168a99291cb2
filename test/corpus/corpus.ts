import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
] as const

/** What is printed, by the name of its document; in this order, in one home. */
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
  ['extend', 'extend', 'heavy', '--trials', '300', '--json'],
  ['remove', 'rm', 'tilt', '--json'],
  ['error-name', 'results', 'no-such-sweep', '--json'],
  ['error-estimate', 'results', 'grid', '--best', 'escapd', '--json'],
  ['error-fit', 'results', 'grid', '--fit', 'escape ~', '--json'],
  ['error-cell', 'replay', 'grid', '99', '0', '--json'],
  ['error-usage', 'run', '--json'],
  ['help', '--help'],
]

/**
 * Exit code, standard output and standard error of every command. What a clock or this machine says is replaced by its
 * name.
 */
async function printed(command = builtCommand): Promise<Map<string, string>> {
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-corpus-'))
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
  const env = { ...inherited, DRIFTFARM_HOME: home, NO_COLOR: '1', COLUMNS: '120' }
  const documents = new Map<string, string>()
  // One server for all commands, where each would start and stop its own.
  const keeper = spawn(process.execPath, [command, 'db', 'url', '--keep'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(keeper.stdout, 'data')
  for (const [name, ...arguments_] of commands) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...arguments_], {
      cwd: folder,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    documents.set(name, `exit ${status}\n${still(stdout)}${arguments_.includes('--json') ? still(stderr) : ''}`)
  }
  keeper.kill('SIGINT')
  await once(keeper, 'exit')
  rmSync(home, { recursive: true, force: true })
  return documents
}

/** Without times and what is as long as they are. */
function still(text: string): string {
  return (
    text
      .replace(/("(?:cpuSeconds|secondsPerTrial|seconds|cpu_seconds)":) ?[\d.e+-]+/g, '$1"TIME"')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'INSTANT')
      .replace(/,[\d.e-]+(?=,mset128:)/g, ',TIME')
      .replace(/\d+ of \d+ batches/g, 'BATCHES')
      // A plan looks at as many cells as it has time for.
      .replace(/"checks":\[\{"index":.*?("sizing"|"recommended"|\},"warnings")/g, '"checks":"BY TIME",$1')
      .replace(/(?:all cells|cells [\d, ]+ of \d+), without a trial/g, 'CELLS, without a trial')
      .replace(/(CELLS, without a trial[\s\S]*\n)checks: [\s\S]*$/, '$1checks: BY TIME\n')
  )
}

const fileOf = (name: string): string => join(folder, 'documents', `${name}.txt`)

/** Takes all documents anew; returns how many. */
export async function record(command?: string): Promise<number> {
  const documents = await printed(command)
  for (const [name, text] of documents) writeFileSync(fileOf(name), text)
  return documents.size
}

export interface Comparison {
  readonly same: number
  /** With the first line that differs. */
  readonly different: readonly { readonly name: string; readonly first: string }[]
}

export async function comparison(command?: string): Promise<Comparison> {
  const documents = await printed(command)
  const different: { name: string; first: string }[] = []
  for (const [name, text] of documents) {
    const before = still(readFileSync(fileOf(name), 'utf8'))
    if (before !== text) different.push({ name, first: firstDifference(before, text) })
  }
  const known = new Set(readdirSync(join(folder, 'documents')).map((name) => name.replace(/\.txt$/, '')))
  for (const name of documents.keys()) known.delete(name)
  for (const name of known) different.push({ name, first: 'is printed no more' })
  return { same: documents.size - different.length, different }
}

function firstDifference(before: string, after: string): string {
  const at = [...before].findIndex((character, place) => character !== after[place])
  const from = Math.max(0, (at < 0 ? before.length : at) - 60)
  return `…${before.slice(from, from + 120)}… was, …${after.slice(from, from + 120)}… is`
}
