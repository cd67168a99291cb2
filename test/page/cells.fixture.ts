import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import type { CellsData } from '@driftfarm/report'
import { root } from '@driftfarm/testing/command'

/** Numbers in [0, 1): mulberry32, the same on every machine. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Axes = Readonly<Record<string, readonly unknown[]>>
interface Options {
  readonly name: string
  /** The number that makes the id of the sweep. */
  readonly id: number
  readonly trials?: number
  state?(at: number): CellsData['state'][number]
  /** P(escape) of a cell; null for none. */
  chance?(params: Readonly<Record<string, unknown>>, at: number): number | null
}

const idOf = (id: number) => id.toString(16).padStart(32, '0')

/** The cells of a sweep over all combinations of values, with trials drawn from a fixed seed. */
export function cellsOf(axes: Axes, { name, id, trials = 400, state, chance }: Options): CellsData {
  const random = generator(id)
  let points: Readonly<Record<string, unknown>>[] = [{}]
  for (const [path, values] of Object.entries(axes))
    points = points.flatMap((point) => values.map((value) => ({ ...point, [path]: value })))
  const estimates = points.map((params, at) => {
    const p = chance === undefined ? 0.5 : chance(params, at)
    if (p === null) return { value: null, low: null, high: null }
    // A normal deviate stands for the binomial one; rare events are drawn one by one.
    const deviate = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const drawn = Math.round(trials * p + deviate * Math.sqrt(trials * p * (1 - p)))
    const events = Math.min(trials, Math.max(0, drawn))
    const value = events / trials
    // Wilson's interval.
    const z = 1.96
    const middle = (value + (z * z) / (2 * trials)) / (1 + (z * z) / trials)
    const half = (z / (1 + (z * z) / trials)) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials ** 2))
    return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
  })
  return {
    sweep: { id: idOf(id), name, state: 'complete' },
    version: '1',
    total: points.length,
    index: points.map((_, at) => at),
    state: points.map((_, at) => state?.(at) ?? 'met'),
    trials: points.map((_, at) => (estimates[at]!.value === null ? 0 : trials)),
    shared: points.map(() => 0),
    doubt: points.map(() => null),
    params: Object.fromEntries(Object.keys(axes).map((path) => [path, points.map((point) => point[path])])),
    estimates: {
      escape: {
        value: estimates.map(({ value }) => value),
        low: estimates.map(({ low }) => low),
        high: estimates.map(({ high }) => high),
      },
    },
  }
}

/** Sweeps as a page reads them from a report file. */
export function reportOf(all: readonly CellsData[], spec = 'version: 1\n') {
  return all.map((cells) => {
    const { id, name, state } = cells.sweep
    const trials = String(cells.trials.reduce<number>((sum, each) => sum + Number(each), 0))
    const status = {
      id,
      name,
      state,
      reason: null,
      cells: { done: cells.total, open: 0, failed: 0 },
      trials: { done: trials, requested: trials },
      batches: { ready: 0, leased: 0, done: 1, failed: 0 },
      events: '0',
      steps: '0',
      worst: null,
      stopsByRule: false,
      rulesUnmet: 0,
      workers: 0,
      threads: 0,
      farm: null,
    }
    const submittedAt = '2026-01-01T00:00:00Z'
    const listed = {
      id,
      name,
      state,
      cells: cells.total,
      trialsDone: trials,
      trialsRequested: trials,
      submittedAt,
      stopsByRule: false,
      worst: null,
      tags: {},
      newest: true,
      differs: [],
    }
    const sweep = { id, name, state, seed: '1', cells: cells.total, trials }
    const results = { data: { sweep, cells: [], findings: [], contrasts: [], crossings: [] }, warnings: [] }
    const origins = { spec, kernel: 1, submittedAt }
    return { status, listed, cells, results, curves: null, origins, exact: null, theorem: null }
  })
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}
/** As the farm sends it with the page. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self'"

/** Serves the built page without a farm. */
export async function servedPage() {
  const folder = join(root, 'packages/dashboard/dist/page')
  const server = createServer(async ({ url }, response) => {
    const name = new URL(url!, 'http://host').pathname
    try {
      const file = name === '/' ? '/index.html' : name
      const content = await readFile(join(folder, file))
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'text/plain',
        'content-security-policy': policy,
      })
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
