import { addDigests, addTallies, type Digest, formatDigest, Kernel, prepare, type Tally } from '@driftfarm/kernel'
import { type LandscapeScene, landscapeScene, tracePaths } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { clopperPearson } from '@driftfarm/statistics'
import { oracle } from '@driftfarm/theory'
import { trialsPlayed } from './spec.ts'

// Plays in a thread of the browser: slices of trials, after each of which what is known is told.

/** Time in ms of a slice: short enough that one sees it grow. */
const sliceMs = 40
/** Trials that are shown as dots. */
const dots = 100
/** Places of the curve. */
const places = 24
const confidence = 0.95

/** What is known of a game while it is played. */
export interface Played {
  readonly trials: number
  readonly of: number
  /** Whether nothing more comes. */
  readonly isOver: boolean
  readonly escape: { readonly value: number; readonly low: number; readonly high: number }
  /** Escapes by the step, cumulative, at some steps. */
  readonly curve: readonly {
    readonly step: number
    readonly value: number
    readonly low: number
    readonly high: number
  }[]
  /** The exact probability, where there is one. */
  readonly exact: number | null
  readonly exactCurve: readonly { readonly step: number; readonly value: number }[]
  /** Of the trials so far; of all of them once they are done. */
  readonly digest: string
  /** Some trials step by step. */
  readonly paths: readonly {
    readonly trial: number
    readonly escaped: boolean
    readonly thetas: readonly (readonly number[])[]
  }[]
  readonly scene: LandscapeScene | null
}

/** What a page asks of its thread, and what it is told, again and again. */
export interface PlayAsked {
  readonly play: Game
}
export type PlayTold = { readonly told: Played } | { readonly error: string }

export interface Game {
  readonly cell: Cell
  /** Address of the compiled kernel. */
  readonly module: string
}

/** Plays all trials; `tell` is told what is known after each slice of them. */
export async function play({ cell, module }: Game, tell: (played: Played) => void): Promise<void> {
  const response = await fetch(module)
  if (!response.ok) throw new Error(`the kernel of this landscape is not to be had (${response.status})`)
  const kernel = Kernel.create(await WebAssembly.compile(await response.arrayBuffer()), prepare(cell))
  const { steps, minima } = cell.trial
  const horizons = horizonsOf(steps)
  const traced = tracePaths(cell, null, [...Array(dots).keys()], 'play').paths
  const scene = landscapeScene(cell, null, {
    title: '',
    minima,
    points: traced
      .flatMap(({ points }) => points.map(({ theta }) => theta))
      .filter((theta) => theta.every(Number.isFinite)),
  })
  const paths = traced.map(({ trial, end, points }) => ({
    trial,
    escaped: end === 'escaped',
    thetas: points.map(({ theta }) => theta),
  }))
  let exact: { readonly value: number | null; readonly curve: Played['exactCurve'] } | null = null
  let digest: Digest | null = null
  let tally: Tally | null = null
  let done = 0
  const tellAll = (isOver = false): void => {
    if (tally === null || digest === null) return
    const limits = (events: number) => ({ value: events / done, ...clopperPearson(events, done, confidence) })
    tell({
      trials: done,
      of: trialsPlayed,
      isOver,
      escape: limits(tally.escaped),
      curve: horizons.map((step, at) => ({ step, ...limits(tally!.horizons[at]?.escaped ?? tally!.escaped) })),
      exact: exact?.value ?? null,
      exactCurve: exact?.curve ?? [],
      digest: formatDigest(digest),
      paths,
      scene,
    })
  }
  for (let count = 50; done < trialsPlayed; ) {
    const began = performance.now()
    const slice = Math.min(count, trialsPlayed - done)
    const ran = kernel.run(done, slice, { keep: false, horizons: horizons.slice(0, -1) })
    tally = tally === null ? ran.tally : addTallies(tally, ran.tally)
    digest = digest === null ? ran.digest : addDigests(digest, ran.digest)
    done += slice
    const took = Math.max(0.5, performance.now() - began)
    count = Math.max(10, Math.min(2_000, Math.round((slice * sliceMs) / took)))
    tellAll()
    // The page draws meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 16))
  }
  exact = exactOf(cell, horizons)
  tellAll(true)
}

/** Steps at which the curve is told, closer together at first. */
function horizonsOf(steps: number): readonly number[] {
  const all = new Set<number>()
  for (let at = 1; at <= places; at++) all.add(Math.max(1, Math.round(steps * (at / places) ** 1.5)))
  return [...all].sort((a, b) => a - b)
}

/** What quadrature says, where it answers within a moment: one coordinate. */
function exactOf(cell: Cell, horizons: readonly number[]): { value: number | null; curve: Played['exactCurve'] } {
  if (cell.landscape.dimension > 1) return { value: null, curve: [] }
  const answer = oracle(cell, null, { horizons: horizons.slice(0, -1) })
  if ('reason' in answer) return { value: null, curve: [] }
  const valueOf = (name: string): number | null => answer.answers.find((each) => each.name === name)?.value ?? null
  const curve = horizons.flatMap((step) => {
    const value = valueOf(step === horizons.at(-1) ? 'escape' : `escape@${step}`)
    return value === null ? [] : [{ step, value }]
  })
  return { value: valueOf('escape'), curve }
}
