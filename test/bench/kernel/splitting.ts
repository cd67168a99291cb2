import { prepare } from '@driftfarm/kernel'
import { type Cell, parseSweep } from '@driftfarm/spec'
import { kernelOf, warm } from './kernels.ts'
import { nanosecondsPer, printTable } from './measure.ts'

/** Exact by quadrature: what both methods are after. */
const rare = [
  { eta: 0.1, sigma: 0.5, steps: 1000, probability: 7.71631368879161e-8, goal: null },
  { eta: 0.05, sigma: 0.7, steps: 100, probability: 1.06054123624784e-9, goal: 1e5 },
] as const
const particles = 1000
const replicas = 40
/** 1 / 0.1^2: replicas or trials of relative variance one that give a relative error of 10 %. */
const wanted = 100

function cellOf({ eta, sigma, steps }: (typeof rare)[number], method: unknown): Cell {
  const spec = {
    version: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { eta, drift: { form: 'additive', law: 'gaussian', sigma } },
    trial: { steps, escape: 'x >= 0' },
    method,
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'splitting' }).cell(0).cell
}

/** What a relative error of 10 % takes of one thread, by splitting and by plain trials. */
export async function benchSplitting(): Promise<void> {
  const rows: string[][] = []
  for (const problem of rare) {
    const { probability, eta, sigma, steps, goal } = problem
    const direct = await kernelOf(prepare(cellOf(problem, 'direct')))
    const split = await kernelOf(prepare(cellOf(problem, { splitting: { particles, replicas: 1 } })))
    const trials = 20_000
    warm(() => direct.run(0, trials, { keep: false, horizons: [] }))
    split.run(replicas, 2, { keep: false, horizons: [] })
    const trial = nanosecondsPer(trials, () => direct.run(0, trials, { keep: false, horizons: [] }))
    const estimates: number[] = []
    const replica = nanosecondsPer(replicas, () => {
      const { records } = split.run(0, replicas, { keep: true, horizons: [] })
      const words = new DataView(records!.buffer)
      for (let i = 0; i < replicas; i++) estimates.push(words.getFloat64(48 * i + 32, true))
    })
    const mean = estimates.reduce((sum, x) => sum + x, 0) / replicas
    const variance = estimates.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (replicas - 1) / (mean * mean)
    const seconds = {
      direct: (trial * ((1 - probability) / probability) * wanted) / 1e9,
      splitting: (replica * Math.max(1, variance * wanted)) / 1e9,
    }
    const ratio = seconds.direct / seconds.splitting
    rows.push([
      `eta ${eta}, sigma ${sigma}, ${steps} steps`,
      probability.toExponential(3),
      mean.toExponential(3),
      variance.toPrecision(2),
      `${seconds.splitting.toPrecision(2)} s`,
      `${(seconds.direct / 3600).toPrecision(2)} h`,
      ratio.toExponential(1),
      goal === null ? '' : `>= ${goal.toExponential(0)}: ${ratio >= goal ? 'met' : 'missed'}`,
    ])
  }
  printTable(
    `Splitting uses ${particles} particles. Processor time to estimate the probability of a first exit in the double ` +
      'well with a relative error of 10 %',
    [
      '',
      'exact probability',
      `mean of ${replicas} replicas`,
      'relative variance',
      'time of splitting',
      'time of plain trials',
      'ratio',
      'goal',
    ],
    rows,
  )
}
