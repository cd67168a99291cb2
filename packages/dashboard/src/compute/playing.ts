import {
  addDigests,
  addTallies,
  type BatchResult,
  type Digest,
  formatDigest,
  Kernel,
  prepare,
  runReference,
  type Tally,
} from '@driftfarm/kernel'
import { coordinatesOf, type TracedPaths, tracePaths } from '@driftfarm/report'
import type { Cell, Tables } from '@driftfarm/spec'
import { clopperPearson } from '@driftfarm/statistics'
import { oracle } from '@driftfarm/theory'
import { trialsPlayed } from './playSpec.ts'

// Runs in a thread of the browser, computes trials in slices, and reports the results after each slice.

/** Duration of a slice in ms: short enough that the figures seem to grow steadily. */
const sliceMs = 40
const dots = 100
const curvePoints = 24
const confidence = 0.95
/** Paths that take longer in ms are cut. */
const traceMs = 2_000
const maxCoordinates = 100

interface Trials {
  readonly count: number
  readonly tally: Tally
  readonly digest: Digest
}

export interface Ground extends TracedPaths {
  readonly coordinates: readonly string[]
}

const limitsOf = (events: number, count: number) => ({
  value: events / count,
  ...clopperPearson(events, count, confidence),
})

type Snapshot = ReturnType<typeof limitsOf> & { readonly trials: number }

function resultOf(
  history: readonly Snapshot[],
  horizons: readonly number[],
  { count, tally, digest }: Trials,
  exact: ReturnType<typeof exactOf> | null,
) {
  const limits = (events: number) => limitsOf(events, count)
  return {
    history,
    trials: count,
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
export type PlayReply = { readonly ground: Ground } | { readonly result: PlayResult } | { readonly error: string }

export interface Game {
  readonly cell: Cell
  readonly tables: Tables
  /** The address of a module; null if the reference implementation computes the trials. */
  readonly module: string | null
}

type Run = (first: number, count: number, horizons: readonly number[]) => BatchResult

async function runOf({ cell, tables, module }: Game): Promise<Run> {
  if (module === null) return (first, count, horizons) => runReference(cell, first, count, { horizons, tables })
  const response = await fetch(module)
  if (!response.ok)
    throw new Error(
      `the kernel of this landscape could not be loaded (HTTP status ${response.status}); reload the page`,
    )
  const compiled = await WebAssembly.compile(await response.arrayBuffer())
  const kernel = Kernel.create(compiled, prepare(cell, tables))
  return (first, count, horizons) => kernel.run(first, count, { keep: false, horizons })
}

export async function play(game: Game, reply: (reply: PlayReply) => void): Promise<void> {
  const { cell, tables } = game
  if (cell.method.kind !== 'direct')
    throw new Error(`method is ${cell.method.kind}; the playground runs only plain trials: remove \`method\``)
  if (cell.trial.escape === null)
    throw new Error(
      'trial.escape is missing; the playground counts escapes: add a condition, such as `escape: "x >= 0"`',
    )
  const run = await runOf(game)
  const began = performance.now()
  const isOver = () => performance.now() - began > traceMs
  const traced = tracePaths(cell, tables, [...Array(dots).keys()], '', { coordinates: maxCoordinates, isOver })
  reply({ ground: { ...traced, coordinates: coordinatesOf(cell.landscape).slice(0, maxCoordinates) } })
  const places = horizonsOf(cell.trial.steps)
  const horizons = places.slice(0, -1)
  const history: Snapshot[] = []
  let done: Trials | null = null
  for (let size = 10; (done?.count ?? 0) < trialsPlayed; ) {
    const began = performance.now()
    const first: number = done?.count ?? 0
    const count = Math.min(size, trialsPlayed - first)
    const { tally, digest } = run(first, count, horizons)
    done =
      done === null
        ? { count, tally, digest }
        : { count: first + count, tally: addTallies(done.tally, tally), digest: addDigests(done.digest, digest) }
    const took = Math.max(0.5, performance.now() - began)
    size = Math.max(1, Math.min(2_000, 2 * count, Math.round((count * sliceMs) / took)))
    history.push({ trials: done.count, ...limitsOf(done.tally.escaped, done.count) })
    reply({ result: resultOf(history, places, done, null) })
    // Lets the page draw.
    await new Promise((resolve) => setTimeout(resolve, 16))
  }
  reply({ result: resultOf(history, places, done!, exactOf(cell, places)) })
}

/** Steps at which the curve is computed, closer together at first. */
function horizonsOf(steps: number): readonly number[] {
  const all = new Set<number>()
  for (let at = 1; at <= curvePoints; at++) all.add(Math.max(1, Math.round(steps * (at / curvePoints) ** 1.5)))
  return [...all].sort((a, b) => a - b)
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
