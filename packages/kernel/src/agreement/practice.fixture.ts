import { type Cell, dataTable, type Landscape, type Start, type Tables, type Update, widened } from '@driftfarm/spec'
import { cellOf, constant, doubleWell, drift, exits } from './cells.fixture.ts'
import { network, randomSamples, sampledFormula } from './networks.fixture.ts'

const samples = randomSamples(23, 2, 1)
const classes = dataTable(
  23,
  3,
  widened(samples).map((value, i) => (i % 3 === 2 ? Number(value > 0.5) : value)),
)
const tests = randomSamples(9, 2, 1, 5)
const test = { hash: tests.hash, rows: tests.rows }
const batch = { size: 4, sampling: 'shuffle' } as const

interface CellOnTables {
  readonly cell: Cell
  readonly tables: Tables
}

interface Change {
  readonly update?: Partial<Update>
  readonly start?: Start
  readonly trial?: Partial<Cell['trial']>
}

function made(landscape: Landscape, { update, start, trial }: Change = {}): CellOnTables {
  const cell = cellOf({
    landscape,
    start: start ?? { kind: 'gaussian', mean: 0, sigma: 0.7 },
    update: { eta: constant(0.15), drift: [drift('gaussian', 'sigma', 0.3)], ...update },
    trial: { steps: 25, escape: exits(['', 'distance > 1.2']), marks: [['low', 'loss < 0.3']], ...trial },
  })
  return { cell, tables: [samples, classes, tests] }
}

const deep = (options: Parameters<typeof network>[2], data = samples) => network([2, 5, 3, 1], data, options)
const formula = (options: Parameters<typeof sampledFormula>[4]) =>
  sampledFormula(['w', 'b'], '(tanh(w*u + b) - t)^2', ['u', 'v', 't'], samples, options)
const losses: Change['trial'] = {
  marks: [
    ['step', 'batchloss < loss'],
    ['test', 'testloss < 0.3', 2],
  ],
}
const training = {
  kind: 'train',
  from: { kind: 'init', law: 'he' },
  update: {
    rule: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    eta: constant(0.05),
    drift: [drift('gaussian', 'sigma', 0.1)],
  },
  until: 'loss < 0.05',
  every: 4,
  steps: 60,
} as const
const descent = { gradient: 0.02, eta: 0.3, steps: 300 }

/** What networks of practice need, by name: each key of training, and each kind of start that it made. */
export const practice: Readonly<Record<string, CellOnTables>> = {
  dropout: made(deep({ dropout: [0.5, 0.1], batch })),
  'label noise, network': made(deep({ labelNoise: { sigma: 0.4 } })),
  'label noise, flipped': made(
    deep({ output: 'sigmoid', loss: 'cross-entropy', labelNoise: { flip: 0.2 }, batch }, classes),
  ),
  'label noise, formula': made(formula({ labelNoise: { sigma: 0.4, columns: ['t'] }, batch })),
  clip: made(doubleWell, { update: { clip: 0.2 } }),
  sam: made(deep({ batch }), { update: { sam: { rho: 0.2 } } }),
  'warm-up': made(doubleWell, { update: { warmup: 9 } }),
  'decoupled decay': made(doubleWell, { update: { decoupledDecay: 0.1 } }),
  'eta by layer': made(deep({ batch }), { update: { etaByLayer: [1, 0, 0.3] } }),
  'losses and accuracies, network': made(deep({ output: 'sigmoid', test, batch }, classes), {
    trial: { ...losses, classify: [['right', 'accuracy > 0.6 && testaccuracy > 0.4']] },
  }),
  'losses, formula': made(formula({ test, batch }), { trial: losses }),
  'trained, one run': made(deep({ batch }), { start: { ...training, per: 'cell' } }),
  'trained, each trial': made(deep({ batch }), { start: { ...training, per: 'trial' } }),
  symmetry: made(network([2, 4, 1], samples, { activation: 'relu' }), {
    trial: {
      escape: { kind: 'basin', every: 5, descent, modulo: 'symmetry' },
      marks: [['far', 'matchedbarrier > 0.01', 5]],
    },
  }),
}
