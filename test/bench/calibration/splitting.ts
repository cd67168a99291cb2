import { kernelOf } from '@driftfarm/kernel'
import type { Cell, Until } from '@driftfarm/spec'
import { replicaLayout, tallyOfValues } from '../../../packages/statistics/src/fixtures/values.ts'
import {
  BlockSums,
  blocksFor,
  checkPoints,
  decide,
  type Estimate,
  estimatesOf,
} from '../../../packages/statistics/src/index.ts'
import { oracle } from '../../../packages/theory/src/index.ts'
import { cellOf, demand } from './chain.ts'
import { type Experiment, type Held, within } from './experiment.ts'
import { fitted, judged, judgedLine, lineRows, lineThrough } from './fits.ts'
import type { Seeds } from './seeds.ts'

interface Problem {
  readonly sigma: number
  readonly eta: number
  readonly steps: number
  readonly particles: number
  readonly kill: number
}

/** Double wells in which replicas are cheap: their relative variance is about 0.5, and about 1.2. */
const calm: Problem = { sigma: 0.9, eta: 0.1, steps: 40, particles: 32, kill: 16 }
const skewed: Problem = { ...calm, sigma: 0.7 }

function doubleWell({ sigma, eta, steps }: Problem, method: unknown, seed: string, streams: string): Cell {
  return cellOf({
    seed,
    streams,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { eta, drift: { form: 'additive', law: 'gaussian', sigma } },
    trial: { steps, escape: 'x >= 0' },
    method,
  })
}

/** The probability by quadrature. */
function exact(problem: Problem): number {
  const answer = oracle(doubleWell(problem, 'direct', '1', 'independent'), [])
  if ('reason' in answer) throw new Error(answer.reason)
  return answer.answers.find(({ name }) => name === 'escape')!.value
}

/** Estimates of so many independent replicas by the kernel. */
async function pool(problem: Problem, count: number, seed: string, streams = 'independent'): Promise<Float64Array> {
  const { particles, kill } = problem
  const kernel = await kernelOf(doubleWell(problem, { splitting: { particles, kill, replicas: 1 } }, seed, streams))
  const values = new Float64Array(count)
  const atOnce = 1000
  for (let first = 0; first < count; first += atOnce) {
    const size = Math.min(atOnce, count - first)
    const { records } = kernel.run(first, size, { keep: true, horizons: [] })
    const words = new DataView(records!.buffer, records!.byteOffset, records!.byteLength)
    for (let place = 0; place < size; place++)
      values[first + place] = words.getFloat64(place * kernel.layout.bytes + 32, true)
  }
  return values
}

/** Pools of a run are shared: the groups of one size have no replica in common, those of two sizes do. */
const pools = new Map<string, Float64Array>()

async function sharedPool(name: string, problem: Problem, count: number, seeds: Seeds): Promise<Float64Array> {
  const key = `${name} ${seeds.cell(name)}`
  const known = pools.get(key)
  if (known !== undefined && known.length >= count) return known
  const made = await pool(problem, count, seeds.cell(name))
  pools.set(key, made)
  return made
}

const estimateOf = (values: ArrayLike<number>): Estimate =>
  estimatesOf(tallyOfValues(Array.from(values)), replicaLayout, demand, { kind: 'fixed' }).escape!

/** The interval of a fixed number of replicas. */
function ofReplicas(name: string, problem: Problem, replicas: number): Experiment {
  const isControlled = replicas === 16 && problem === skewed
  return {
    name: `splitting, ${replicas} replicas, ${name}`,
    rows: ['escape'],
    level: 0.95,
    ...(isControlled ? { controls: ["Student's interval"] } : {}),
    async begin(seeds, replicates) {
      const truth = exact(problem)
      const values = await sharedPool(name, problem, replicas * replicates, seeds)
      return (replicate) => {
        const escape = estimateOf(values.subarray(replicate * replicas, (replicate + 1) * replicas))
        const held = within(escape, truth)
        if (!isControlled) return [held]
        // Its lower limit is Student's; the upper one of Student is as far above the value.
        return [held, escape.low <= truth && truth <= 2 * escape.value - escape.low]
      }
    },
  }
}

/** Replicas until their interval is narrow. */
function untilRelative(name: string, problem: Problem): Experiment {
  const rule = { rule: 'relative', estimate: 'escape', relative: 0.5 } as const
  const until: Until = { rules: [rule], confidence: 0.95, min: 16, max: 100 }
  const points = checkPoints(until.min, until.max)
  return {
    name: `stopping rule: relative 0.5; splitting, ${name}`,
    rows: ['interval of the finished cell'],
    level: 0.95,
    async begin(seeds, replicates) {
      const truth = exact(problem)
      const values = await sharedPool(name, problem, until.max * replicates, seeds)
      return (replicate): readonly Held[] => {
        for (const point of points) {
          const tally = tallyOfValues(Array.from(values.subarray(replicate * until.max, replicate * until.max + point)))
          const decision = decide(until, tally, replicaLayout)
          if (decision === null) continue
          const how = { kind: 'stopped', by: decision.stopped, checkPoints: points.length } as const
          return [within(estimatesOf(tally, replicaLayout, { ...demand, until }, how).escape!, truth)]
        }
        return [null]
      }
    },
  }
}

const sigmas = [0.7, 0.75, 0.8, 0.9, 1]

/** A line through the logarithms of cells that split. */
function splittingFit(replicas: number, streams: 'independent' | 'common'): Experiment {
  const name = `fit of splitting, ${replicas} replicas, ${streams} streams`
  return {
    name,
    rows: lineRows.slice(0, 2),
    level: 0.95,
    async begin(seeds, replicates) {
      const problems = sigmas.map((sigma) => ({ ...calm, sigma }))
      const line = lineThrough(problems.map(exact))
      const all: Float64Array[] = []
      for (const problem of problems)
        all.push(await pool(problem, replicas * replicates, seeds.cell('fit of splitting', streams), streams))
      return (replicate) => {
        const cells = all.map((values, index) => {
          const own = values.subarray(replicate * replicas, (replicate + 1) * replicas)
          const cell = judged(index, line.x[index]!, replicas, { escape: estimateOf(own) })
          if (streams === 'independent') return cell
          const sums = new BlockSums(blocksFor(replicas))
          for (const [trial, value] of own.entries()) sums.add(trial, value, 1)
          return { ...cell, noise: { key: 'common streams', residuals: sums.residuals() } }
        })
        return judgedLine(fitted(cells, 'log(escape) ~ x'), line).slice(0, 2)
      }
    },
  }
}

const problems = [
  ['relative variance 0.5', calm],
  ['relative variance 1.2', skewed],
] as const

export const splittings: readonly Experiment[] = [
  ...problems.flatMap(([name, problem]) => [100, 30, 16].map((replicas) => ofReplicas(name, problem, replicas))),
  ...problems.map(([name, problem]) => untilRelative(name, problem)),
  splittingFit(16, 'independent'),
  splittingFit(16, 'common'),
]
