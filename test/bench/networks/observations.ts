import { type Kernel, kernelOf } from '@driftfarm/kernel'
import { observedKeys, parseSweep } from '@driftfarm/spec'
import { printTable } from '../kernel/measure.ts'

const [trials, steps, every, rounds] = [2, 400, 20, 5] as const

const observed = [
  'batchloss',
  'distance',
  'testaccuracy',
  'testloss',
  'accuracy',
  'loss',
  'gradnorm',
  'linearbarrier',
  'matchedbarrier',
  'trace',
  'sharpness',
]
const conditions = ['loss <= 0.05', 'testaccuracy >= 0.95']

/**
 * The processor time of an observed value, and of a condition, as a multiple of the time of a step: a network 64-32-10
 * on handwritten digits, mini-batches of 32, 1,438 training samples and 359 test samples.
 */
export async function benchObservations(): Promise<void> {
  const kernels = new Map<string, Kernel>([['', await kernelFor({})]])
  for (const name of observed) kernels.set(name, await kernelFor({ observe: { it: { value: name, every } } }))
  for (const when of conditions)
    kernels.set(`the condition ${when}`, await kernelFor({ trial: { steps, marks: { it: { when, every } } } }))
  const times = new Map<string, number[]>([...kernels.keys()].map((name) => [name, []]))
  // The first round is not counted, because the engine still compiles.
  for (let round = 0; round <= rounds; round++)
    for (const [name, kernel] of kernels) {
      const before = process.cpuUsage()
      kernel.run(round * trials, trials, { keep: false, horizons: [] })
      const { user, system } = process.cpuUsage(before)
      if (round > 0) times.get(name)!.push(user + system)
    }
  const least = (name: string) => Math.min(...times.get(name)!)
  const step = least('') / steps
  printTable(
    `Time of one evaluation, in steps of a network 64-32-10 with mini-batches of 32; least of ${rounds} rounds`,
    ['', 'steps'],
    [...times.keys()].slice(1).map((name) => {
      // A series also has the value at step 0.
      const count = observed.includes(name) ? steps / every + 1 : steps / every
      const inSteps = Math.max(0, (least(name) - least('')) / count / step)
      return [name, inSteps < 10 ? inSteps.toFixed(1) : inSteps.toFixed(0)]
    }),
  )
}

async function kernelFor(change: object): Promise<Kernel> {
  const network = {
    layers: [64, 32, 10],
    activation: 'tanh',
    output: 'softmax',
    loss: 'cross-entropy',
    data: { preset: 'digits', scale: 'standard', test: { fraction: 0.2, seed: 1, stratify: true } },
    batch: 32,
  }
  const spec = {
    version: 1,
    landscape: { network },
    start: { init: 'xavier' },
    update: { eta: 0.1, drift: { sigma: 0.02 } },
    trial: { steps },
    trials,
    ...change,
  }
  const sweep = parseSweep(JSON.stringify(spec), { fileName: 'observations.json' })
  const { cell, tables } = sweep.cell(0)
  return kernelOf(cell, tables, undefined, observedKeys(sweep.demand.observe))
}
