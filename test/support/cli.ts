import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const command = join(root, 'packages/cli/bin/driftfarm.js')

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}
export interface Running {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** Resolves once standard error holds the text. */
  says(text: string): Promise<void>
}

/** Starts the built command as a user would; its data is in `home`. */
export function start(
  arguments_: readonly string[],
  options: { home: string; env?: Record<string, string>; input?: string },
): Running {
  const { DATABASE_URL: _, REDIS_URL: __, DRIFTFARM_HOME: ___, ...inherited } = process.env
  const child = spawn(process.execPath, [command, ...arguments_], {
    cwd: root,
    env: { ...inherited, DRIFTFARM_HOME: options.home, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    for (const listener of listeners) listener()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return {
    child,
    finished,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!stderr.includes(text)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        finished.then(
          (end) => reject(new Error(`ended without saying ${JSON.stringify(text)}: exit ${end.code}\n${end.stderr}`)),
          reject,
        )
        look()
      }),
  }
}

export async function driftfarm(
  arguments_: readonly string[],
  options: { home: string; env?: Record<string, string>; input?: string },
): Promise<Finished> {
  return start(arguments_, options).finished
}

/** A folder that is gone after the test file. */
export function temporaryFolder(prefix = 'driftfarm-e2e-'): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), prefix))
  const remove = (folder: string) => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  return {
    path,
    remove() {
      const place = placeOf(path)
      if (place !== null) remove(place)
      remove(path)
    },
  }
}

/** Where a home's data is when it cannot be in the home (as root, under a closed folder). */
function placeOf(home: string): string | null {
  const file = join(home, 'server.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { place: string | null }).place : null
}

/** Process id of a home's embedded server. */
export function serverPid(home: string): number {
  const folder = placeOf(home) ?? home
  const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('postmaster.pid'),
  )
  if (file === undefined) throw new Error(`no server runs for ${home}`)
  return Number(readFileSync(join(folder, file), 'utf8').split('\n')[0])
}

export function writeSpec(folder: string, name: string, spec: unknown): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, typeof spec === 'string' ? spec : JSON.stringify(spec))
  return file
}

export interface CellOfResults {
  readonly index: number
  readonly id: string
  readonly params: Record<string, unknown>
  readonly trials: number
  readonly counts: {
    escaped: number
    ends: Record<string, number>
    exits: Record<string, number>
    settled: Record<string, number>
    classes: Record<string, number>
    marks: Record<string, number>
  }
  readonly estimates: Record<
    string,
    {
      value: number
      low: number
      high: number
      confidence: number
      method: string
      events?: number
      exponentiality?: { pValue: number } | null
    }
  >
  readonly stopped: { rule: string }
  readonly steps: string
  readonly digest: string
}
export interface ResultsOfSweep {
  readonly sweep: { id: string; name: string; state: string; seed: string; cells: number; trials: number }
  readonly cells: readonly CellOfResults[]
}

/** Runs a spec to its end and gives the results; throws with the command's own words where it fails. */
export async function runToResults(
  file: string,
  home: string,
  arguments_: readonly string[] = [],
  env: Record<string, string> = {},
  wantedCode = 0,
): Promise<ResultsOfSweep> {
  const { code, stdout, stderr } = await driftfarm(['run', file, '--json', ...arguments_], { home, env })
  if (code !== wantedCode) throw new Error(`exit ${code}: ${stderr}${stdout}`)
  return (JSON.parse(stdout) as { data: ResultsOfSweep }).data
}

export const digests = (results: ResultsOfSweep): string[] => results.cells.map((cell) => cell.digest)

/** Two cells on the double well; tests change what they are about. */
export function doubleWell(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: 1,
    name: 'double-well-test',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 200, escape: 'x >= 0' },
    sweep: { 'update.drift.sigma': [0.8, 1.2] },
    trials: 2000,
    ...change,
  }
}
