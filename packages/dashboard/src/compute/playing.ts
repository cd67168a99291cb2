import { addDigests, addTallies, type Digest, formatDigest, Kernel, prepare, type Tally } from '@driftfarm/kernel'
import { type TracedPaths, tracePaths } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { clopperPearson } from '@driftfarm/statistics'
import { oracle } from '@driftfarm/theory'
import { trialsPlayed } from './playSpec.ts'

// Runs in a thread of the browser, computes trials in slices, and reports the results after each slice.

/** Duration of a slice in ms: short enough that the figures seem to grow steadily. */
const sliceMs = 40
const dots = 100
const curvePoints = 24
const confidence = 0.95

interface Trials {
  readonly count: number
  readonly tally: Tally
  readonly digest: Digest
}

function resultOf(
  horizons: readonly number[],
  { count, tally, digest }: Trials,
  exact: ReturnType<typeof exactOf> | null,
) {
  const limits = (events: number) => ({ value: events / count, ...clopperPearson(events, count, confidence) })
  return {
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
export type PlayReply = { readonly ground: TracedPaths } | { readonly result: PlayResult } | { readonly error: string }

export interface Game {
  readonly cell: Cell
  readonly module: string
}

export async function play({ cell, module }: Game, reply: (reply: PlayReply) => void): Promise<void> {
  const response = await fetch(module)
  if (!response.ok)
    throw new Error(
      `the kernel of this landscape could not be loaded (HTTP status ${response.status}); reload the page`,
    )
  const kernel = Kernel.create(await WebAssembly.compile(await response.arrayBuffer()), prepare(cell))
  reply({ ground: tracePaths(cell, [], [...Array(dots).keys()], '') })
  const places = horizonsOf(cell.trial.steps)
  const horizons = places.slice(0, -1)
  const report = (done: Trials, exact: ReturnType<typeof exactOf> | null) =>
    reply({ result: resultOf(places, done, exact) })
  let done: Trials | null = null
  for (let size = 50; (done?.count ?? 0) < trialsPlayed; ) {
    const began = performance.now()
    const first: number = done?.count ?? 0
    const count = Math.min(size, trialsPlayed - first)
    const { tally, digest } = kernel.run(first, count, { keep: false, horizons })
    done =
      done === null
        ? { count, tally, digest }
        : { count: first + count, tally: addTallies(done.tally, tally), digest: addDigests(done.digest, digest) }
    const took = Math.max(0.5, performance.now() - began)
    size = Math.max(10, Math.min(2_000, Math.round((count * sliceMs) / took)))
    report(done, null)
    // Lets the page draw.
    await new Promise((resolve) => setTimeout(resolve, 16))
  }
  report(done!, exactOf(cell, places))
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
