import { addDigests, addTallies, type Digest, formatDigest, Kernel, prepare, type Tally } from '@driftfarm/kernel'
import { type LandscapeScene, landscapeScene, tracePaths } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { clopperPearson } from '@driftfarm/statistics'
import { oracle } from '@driftfarm/theory'
import { trialsPlayed } from './playSpec.ts'

// Runs in a thread of the browser, computes trials in slices, and reports the results after each slice.

/** Duration of a slice in ms: short enough that the figures seem to grow steadily. */
const sliceMs = 40
const dots = 100
const places = 24
const confidence = 0.95

export interface PlayResult {
  readonly trials: number
  readonly of: number
  readonly isFinished: boolean
  readonly escape: { readonly value: number; readonly low: number; readonly high: number }
  readonly curve: readonly {
    readonly step: number
    readonly value: number
    readonly low: number
    readonly high: number
  }[]
  readonly exact: number | null
  readonly exactCurve: readonly { readonly step: number; readonly value: number }[]
  readonly digest: string
  readonly paths: readonly {
    readonly trial: number
    readonly escaped: boolean
    readonly thetas: readonly (readonly number[])[]
  }[]
  readonly scene: LandscapeScene | null
}

export interface PlayRequest {
  readonly play: Game
}
export type PlayReply = { readonly result: PlayResult } | { readonly error: string }

export interface Game {
  readonly cell: Cell
  readonly module: string
}

export async function play({ cell, module }: Game, report: (played: PlayResult) => void): Promise<void> {
  const response = await fetch(module)
  if (!response.ok)
    throw new Error(
      `the kernel of this landscape could not be loaded (HTTP status ${response.status}); reload the page`,
    )
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
  let exact: { readonly value: number | null; readonly curve: PlayResult['exactCurve'] } | null = null
  let digest: Digest | null = null
  let tally: Tally | null = null
  let done = 0
  const reportAll = (isFinished = false): void => {
    if (tally === null || digest === null) return
    const limits = (events: number) => ({ value: events / done, ...clopperPearson(events, done, confidence) })
    report({
      trials: done,
      of: trialsPlayed,
      isFinished,
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
    reportAll()
    // Lets the page draw.
    await new Promise((resolve) => setTimeout(resolve, 16))
  }
  exact = exactOf(cell, horizons)
  reportAll(true)
}

/** Steps at which the curve is computed, closer together at first. */
function horizonsOf(steps: number): readonly number[] {
  const all = new Set<number>()
  for (let at = 1; at <= places; at++) all.add(Math.max(1, Math.round(steps * (at / places) ** 1.5)))
  return [...all].sort((a, b) => a - b)
}

/** Returns values only in one dimension, where quadrature is quick. */
function exactOf(cell: Cell, horizons: readonly number[]): { value: number | null; curve: PlayResult['exactCurve'] } {
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
