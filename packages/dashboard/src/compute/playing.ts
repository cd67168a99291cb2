import {
  addDigests,
  addTallies,
  type BatchResult,
  formatDigest,
  Kernel,
  layoutOf,
  prepare,
  runReference,
  zeroTally,
} from '@driftfarm/kernel'
import { coordinatesOf, type TracedPaths, tracePaths } from '@driftfarm/report'
import type { Cell, Tables } from '@driftfarm/spec'
import { clopperPearson } from '@driftfarm/statistics'
import { oracle } from '@driftfarm/theory'
import { beginningOf, presets, specOf, trialsPlayed } from './playSpec.ts'
import { resolveSpec } from './resolveSpec.ts'

// Runs in a thread of the browser, computes trials in slices, and reports the results after each slice.

/** Duration of a slice in ms: short enough that the figures seem to grow steadily. */
const sliceMs = 40
const dots = 100
const curvePoints = 24
const confidence = 0.95
/** Paths that take longer in ms are cut. */
const traceMs = 2_000
/** More coordinates of a point are not kept: a page cannot show them. */
export const maxCoordinates = 100

type Trials = Pick<BatchResult, 'tally' | 'digest'>

export interface Ground extends TracedPaths {
  readonly coordinates: readonly string[]
  /** Number of cells of the spec. */
  readonly cells: number
}

const limitsOf = (events: number, count: number) => ({
  value: events / count,
  ...clopperPearson(events, count, confidence),
})

type Snapshot = ReturnType<typeof limitsOf> & { readonly trials: number }

function resultOf(
  history: readonly Snapshot[],
  horizons: readonly number[],
  { tally, digest }: Trials,
  exact: ReturnType<typeof exactOf> | null,
) {
  const limits = (events: number) => limitsOf(events, tally.trials)
  return {
    history,
    trials: tally.trials,
    isFinished: exact !== null,
    escape: limits(tally.escaped),
    curve: horizons.map((step, at) => ({ step, ...limits(tally.horizons[at]?.escaped ?? tally.escaped) })),
    exact: exact?.value ?? null,
    exactCurve: exact?.curve ?? [],
    digest: formatDigest(digest),
  }
}

export type PlayResult = ReturnType<typeof resultOf>

export interface PlayRequest {
  readonly play: Game
}

/** The paths come first, and only once. */
export type PlayReply = { readonly ground: Ground } | { readonly result: PlayResult } | { readonly error: PlayError }

/** What the page shows of an error. */
export interface PlayError {
  readonly message: string
  readonly hint?: string | undefined
  readonly code?: string | undefined
}

export interface Game {
  readonly spec: string
  /**
   * The name of a module that was built with the page. If it is null, a module is chosen that fits the cell, and if
   * none does, the reference implementation computes the trials.
   */
  readonly kernel: string | null
  /** Number of the cell. */
  readonly index: number
}

type Run = (first: number, count: number, horizons: readonly number[]) => BatchResult

const parsed = (spec: string) => resolveSpec(spec, new Map()).sweep

/** What a module computes, except for numbers. */
const shapeOf = (preset: string): string => prepare(parsed(specOf(beginningOf(preset, 1))).cell(0).cell).shape

async function runOf(cell: Cell, tables: Tables, kernel: string | null): Promise<Run> {
  const prepared = prepare(cell, tables)
  const name = kernel ?? presets.find((preset) => shapeOf(preset.name) === prepared.shape)?.name
  if (name === undefined) return (first, count, horizons) => runReference(cell, first, count, { horizons, tables })
  // The modules are beside the file of this thread.
  const response = await fetch(new URL(`kernels/${name}.wasm`, location.href))
  if (!response.ok)
    throw new Error(
      `the kernel of this landscape could not be loaded (HTTP status ${response.status}); reload the page`,
    )
  const compiled = await WebAssembly.compile(await response.arrayBuffer())
  const running = Kernel.create(compiled, prepared)
  return (first, count, horizons) => running.run(first, count, { keep: false, horizons })
}

export async function play({ spec, kernel, index }: Game, reply: (reply: PlayReply) => void): Promise<void> {
  const sweep = parsed(spec)
  const cells = sweep.cellCount
  if (index >= cells) throw new Error(`the spec has ${cells} cells, so none has the number ${index}`)
  const { cell, tables } = sweep.cell(index)
  if (cell.method.kind !== 'direct')
    throw new Error(`method is ${cell.method.kind}; the playground runs only plain trials: remove \`method\``)
  if (cell.trial.escape === null)
    throw new Error(
      'trial.escape is missing; the playground counts escapes: add a condition, such as `escape: "x >= 0"`',
    )
  const run = await runOf(cell, tables, kernel)
  const began = performance.now()
  const isOver = () => performance.now() - began > traceMs
  const traced = tracePaths(cell, tables, [...Array(dots).keys()], '', { coordinates: maxCoordinates, isOver })
  reply({ ground: { ...traced, cells, coordinates: coordinatesOf(cell.landscape).slice(0, maxCoordinates) } })
  const places = horizonsOf(cell.trial.steps)
  const horizons = places.slice(0, -1)
  const history: Snapshot[] = []
  let done: Trials = { tally: zeroTally(layoutOf(cell), horizons), digest: 0n }
  const most = Math.min(trialsPlayed, sweep.demand.trials ?? sweep.demand.until!.max)
  for (let size = 10; done.tally.trials < most; ) {
    const began = performance.now()
    const count = Math.min(size, most - done.tally.trials)
    const { tally, digest } = run(done.tally.trials, count, horizons)
    done = { tally: addTallies(done.tally, tally), digest: addDigests(done.digest, digest) }
    const took = Math.max(0.5, performance.now() - began)
    size = Math.max(1, Math.min(2_000, 2 * count, Math.round((count * sliceMs) / took)))
    const { trials, escaped } = done.tally
    history.push({ trials, ...limitsOf(escaped, trials) })
    reply({ result: resultOf(history, places, done, null) })
    // Lets the page draw.
    await new Promise((resolve) => setTimeout(resolve, 16))
  }
  reply({ result: resultOf(history, places, done, exactOf(cell, places)) })
}

/** Steps at which the curve is computed, closer together at first. */
function horizonsOf(steps: number): readonly number[] {
  const shares = Array.from({ length: curvePoints }, (_, at) => ((at + 1) / curvePoints) ** 1.5)
  return [...new Set(shares.map((share) => Math.max(1, Math.round(steps * share))))]
}

/** Returns values only in one dimension, where quadrature is quick. */
function exactOf(cell: Cell, horizons: readonly number[]) {
  if (cell.landscape.dimension > 1) return { value: null, curve: [] }
  const answer = oracle(cell, [], { horizons: horizons.slice(0, -1) })
  if ('reason' in answer) return { value: null, curve: [] }
  const valueOf = (name: string): number | null => answer.answers.find((each) => each.name === name)?.value ?? null
  const curve = horizons.flatMap((step) => {
    const value = valueOf(step === horizons.at(-1) ? 'escape' : `escape@${step}`)
    return value === null ? [] : [{ step, value }]
  })
  return { value: valueOf('escape'), curve }
}
