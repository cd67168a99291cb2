/**
 * Forty specs whose number misleads, each beside a twin that differs as little as possible and whose number is sound.
 * Eleven classes, one to five dimensions and more, formulas and networks. Each cell is small, so that all can be run.
 */

type Keys = Record<string, unknown>

export interface Pair {
  /** The class of mistake. */
  readonly kind: string
  readonly name: string
  /** What both have in common. */
  readonly base: Keys
  /** The sections in which the misleading one differs, and those of its sound twin; whole sections are replaced. */
  readonly misleading: Keys
  readonly sound: Keys
}

export function specOf({ name, base }: Pair, change: Keys): Keys {
  return { version: 1, name, seed: 42, trials: 200, ...base, ...change }
}

const gradient = (eta: unknown, drift: unknown): Keys => ({ update: { rule: 'gradient', eta, drift } })
const momentum = (beta: number, eta: number, drift: unknown): Keys => ({
  update: { rule: 'momentum', beta, eta, drift },
})
const sigma = (value: unknown, change: Keys = {}) => ({ form: 'additive', law: 'gaussian', sigma: value, ...change })
const step = (value: unknown, change: Keys = {}) => ({ form: 'additive', law: 'gaussian', step: value, ...change })
const formOf = (form: string, change: Keys) => ({ form, ...change })
/** The standard deviation of a step with which noise has temperature T beside gradient descent. */
const at = (temperature: number, eta: number) => step(Math.sqrt(2 * temperature * eta))

const doubleWell = { landscape: { preset: 'double-well' }, start: { minimum: 'left' } }
const wells = (dimension: number) => ({
  landscape: {
    formula: {
      dimension,
      expression: 'sum(i, 1, d, (x[i]^2 - 1)^2)/4',
      minima: { down: new Array(dimension).fill(-1), up: new Array(dimension).fill(1) },
    },
  },
  start: { minimum: 'down' },
})
const formula = (variables: readonly string[], expression: string, minima: Keys = {}, more: Keys = {}): Keys => ({
  landscape: { formula: { variables, expression, minima }, ...more },
})

/** Numbers without structure in (-1, 1), the same in every run. */
const scattered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => 2 * (((i + 1 + from) * 0.6180339887498949) % 1) - 1)
const grid = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1]
const inputs = Array.from({ length: 12 }, (_, row) => scattered(2, 2 * row))
const targets = (noise: number) => inputs.map(([a, b], row) => [0.5 * a! - 0.8 * b! + noise * scattered(12, 100)[row]!])
/** A linear network; with `noise` 0 its weights (0.5, -0.8) fit every sample exactly. */
const linear = (noise: number): Keys => ({
  landscape: {
    network: {
      layers: [2, 1],
      activation: 'identity',
      loss: 'mse',
      biases: false,
      data: { inputs, targets: targets(noise) },
      batch: 1,
    },
  },
})

export const pairs: readonly Pair[] = [
  // A step that is too long where trials leave: they escape by overshooting.
  {
    kind: 'overshoot',
    name: 'overshoot-double-well',
    base: doubleWell,
    misleading: { ...gradient(0.9, at(0.06, 0.9)), trial: { steps: 400, escape: 'x >= 0' } },
    sound: { ...gradient(0.1, at(0.06, 0.1)), trial: { steps: 3600, escape: 'x >= 0' } },
  },
  {
    kind: 'overshoot',
    name: 'overshoot-wall',
    base: {
      ...formula(['x'], 'exp(-4*x) + x', { floor: [0.34657359027997264] }),
      start: { minimum: 'floor' },
    },
    misleading: { ...gradient(0.4, at(0.1, 0.4)), trial: { steps: 400, escape: 'x >= 2' } },
    sound: { ...gradient(0.02, at(0.6, 0.02)), trial: { steps: 400, escape: 'x >= 2' } },
  },
  {
    kind: 'overshoot',
    name: 'overshoot-plane',
    base: wells(2),
    misleading: { ...gradient(0.85, at(0.06, 0.85)), trial: { steps: 400, escape: 'x[1] + x[2] >= 0' } },
    sound: { ...gradient(0.1, at(0.15, 0.1)), trial: { steps: 400, escape: 'x[1] + x[2] >= 0' } },
  },
  {
    kind: 'overshoot',
    name: 'overshoot-five',
    base: wells(5),
    misleading: { ...gradient(0.85, at(0.05, 0.85)), trial: { steps: 200, escape: 'distance >= 2.5' } },
    sound: { ...gradient(0.1, at(0.15, 0.1)), trial: { steps: 200, escape: 'distance >= 2.2' } },
  },
  {
    kind: 'overshoot',
    name: 'overshoot-bowl',
    base: { ...formula(['x', 'y'], '(x^2 + y^2)/2 + (x^4 + y^4)', { origin: [0, 0] }), start: { minimum: 'origin' } },
    misleading: {
      ...gradient(0.8, sigma(0.5)),
      trial: { steps: 200, escape: { outside: { radius: 2, of: 'origin' } } },
    },
    sound: { ...gradient(0.05, sigma(2)), trial: { steps: 200, escape: { outside: { radius: 0.8, of: 'origin' } } } },
  },

  // Noise that vanishes where the trials are.
  {
    kind: 'inert noise',
    name: 'inert-multiplicative',
    base: { ...doubleWell, trial: { steps: 200, escape: 'x >= 0' } },
    misleading: gradient(0.1, formOf('multiplicative', { sigma: 0.5 })),
    sound: gradient(0.1, [formOf('multiplicative', { sigma: 0.5 }), sigma(1.5)]),
  },
  {
    kind: 'inert noise',
    name: 'inert-flip',
    base: { ...doubleWell, trial: { steps: 200, escape: 'x >= -0.15' } },
    misleading: gradient(0.1, formOf('flip', { q: 0.3 })),
    sound: { ...gradient(0.1, formOf('flip', { q: 0.3 })), start: [-0.2] },
  },
  {
    kind: 'inert noise',
    name: 'inert-rate',
    base: { landscape: { preset: 'quadratic', dimension: 3 }, trial: { steps: 100, escape: 'distance >= 0.7' } },
    misleading: { ...gradient(0.1, formOf('rate', { sigma: 1 })), start: { minimum: 'origin' } },
    sound: { ...gradient(0.1, [formOf('rate', { sigma: 0.2 }), sigma(0.8)]), start: { minimum: 'origin' } },
  },
  {
    kind: 'inert noise',
    name: 'inert-loss-scaled',
    base: { start: { minimum: 'left' }, trial: { steps: 300, escape: 'x >= 0' } },
    misleading: {
      ...gradient(0.1, formOf('loss-scaled', { sigma: 3 })),
      landscape: { preset: 'double-well' },
    },
    sound: {
      ...gradient(0.1, formOf('loss-scaled', { sigma: 3 })),
      ...formula(['x'], '(x^2 - 1)^2/4 + 0.1', { left: [-1], right: [1] }),
    },
  },
  {
    kind: 'inert noise',
    name: 'inert-rotation',
    base: { landscape: { preset: 'banana' }, trial: { steps: 300, escape: 'x >= 0.3' } },
    misleading: { ...gradient(0.1, formOf('rotation', { sigma: 2 })), start: { minimum: 'left' } },
    sound: { ...gradient(0.1, [formOf('rotation', { sigma: 0.2 }), sigma(1.5)]), start: { minimum: 'left' } },
  },
  {
    kind: 'inert noise',
    name: 'inert-network',
    base: { ...linear(0), start: [0.5, -0.8], trial: { steps: 200, escape: 'distance >= 0.3' } },
    misleading: gradient(0.1, formOf('multiplicative', { sigma: 2 })),
    sound: gradient(0.1, sigma(0.25)),
  },

  // Noise that is never switched on.
  {
    kind: 'noise never on',
    name: 'never-place',
    base: { ...doubleWell, trial: { steps: 200, escape: 'x >= 0' } },
    misleading: gradient(0.1, sigma(1.5, { when: 'x >= 5' })),
    sound: gradient(0.1, sigma(1.5, { when: 'x <= 5' })),
  },
  {
    kind: 'noise never on',
    name: 'never-loss',
    base: { landscape: { preset: 'banana' }, start: { minimum: 'left' }, trial: { steps: 200, escape: 'x >= 0' } },
    misleading: gradient(0.05, sigma(2, { when: 'loss >= 10' })),
    sound: gradient(0.05, sigma(2, { when: 'loss <= 10' })),
  },
  {
    kind: 'noise never on',
    name: 'never-schedule',
    base: { ...wells(3), trial: { steps: 200, escape: 'x[1] >= 0' } },
    misleading: gradient(
      0.1,
      sigma({
        piecewise: [
          [0, 0],
          [5000, 2],
        ],
      }),
    ),
    sound: gradient(
      0.1,
      sigma({
        piecewise: [
          [0, 0.5],
          [100, 1.4],
        ],
      }),
    ),
  },
  {
    kind: 'noise never on',
    name: 'never-network',
    base: { ...linear(0.3), start: { descend: { from: [0, 0], gradient: 1e-9 } } },
    misleading: {
      landscape: { network: { ...(linear(0.3).landscape as { network: Keys }).network, batch: 'full' } },
      ...gradient(0.1, sigma(1, { when: 'gradnorm >= 1' })),
      trial: { steps: 200, escape: 'distance >= 0.3' },
    },
    sound: {
      landscape: { network: { ...(linear(0.3).landscape as { network: Keys }).network, batch: 'full' } },
      ...gradient(0.1, sigma(0.25, { when: 'gradnorm < 1' })),
      trial: { steps: 200, escape: 'distance >= 0.3' },
    },
  },

  // Mini-batches whose every sample is fitted: they have no noise.
  {
    kind: 'interpolation',
    name: 'interpolation-line',
    base: { start: [1], trial: { steps: 200, escape: 'distance >= 0.6' }, ...gradient(0.1, 'none') },
    misleading: formula(
      ['w'],
      '(w*a - b)^2',
      {},
      {
        data: { columns: { a: [1, 2, 3, -1, 0.5], b: [1, 2, 3, -1, 0.5] } },
        batch: 1,
      },
    ),
    sound: {
      ...formula(
        ['w'],
        '(w*a - b)^2',
        {},
        {
          data: { columns: { a: [1, 1, 2, 2], b: [1.8, 0.2, 3.2, 0.8] } },
          batch: 1,
        },
      ),
      ...gradient(0.05, 'none'),
    },
  },
  {
    kind: 'interpolation',
    name: 'interpolation-network',
    base: { start: [0.5, -0.8], trial: { steps: 300, escape: 'distance >= 0.2' }, ...gradient(0.1, 'none') },
    misleading: linear(0),
    sound: { ...linear(0.3), start: { descend: { from: [0.5, -0.8], gradient: 1e-9 } } },
  },
  {
    kind: 'interpolation',
    name: 'interpolation-cubic',
    base: { start: [0.5, 0.5, 0.5], ...gradient(0.05, 'none'), trial: { steps: 300, escape: 'distance >= 0.25' } },
    misleading: formula(
      ['u', 'v', 'w'],
      '(u + v*a + w*a^2 - b)^2',
      {},
      {
        data: { columns: { a: [-1, 0, 1, 0.5], b: [0.5, 0.5, 1.5, 0.875] } },
        batch: 2,
      },
    ),
    sound: {
      ...formula(
        ['u', 'v', 'w'],
        '(u + v*a + w*a^2 - b)^2',
        {},
        {
          data: { columns: { a: [-1, -1, 0, 0, 1, 1], b: [1, 0, 1, 0, 2, 1] } },
          batch: 2,
        },
      ),
    },
  },

  // A trial that passes through is counted as one that settles.
  {
    kind: 'passing through',
    name: 'passing-tilted',
    base: { landscape: { preset: 'tilted-double-well' }, start: [-3.5], ...momentum(0.95, 0.01, sigma(0.05)) },
    misleading: { trial: { steps: 2000, converge: { within: 0.2, of: 'any' } } },
    sound: { trial: { steps: 2000, converge: { within: 0.2, of: 'any', hold: 150 } } },
  },
  {
    kind: 'passing through',
    name: 'passing-double-well',
    base: { landscape: { preset: 'double-well' }, start: [2.6] },
    misleading: {
      ...momentum(0.97, 0.01, sigma(0.02)),
      trial: { steps: 2000, converge: { within: 0.1, of: 'any' } },
    },
    sound: {
      ...gradient(0.05, sigma(0.02)),
      trial: { steps: 2000, converge: { within: 0.1, of: 'any', hold: 20 } },
    },
  },
  {
    kind: 'passing through',
    name: 'passing-plane',
    base: {
      ...formula(['x', 'y'], '(x^2 - 1)^2/4 + y^2/2', { left: [-1, 0], right: [1, 0] }),
      start: [-2.6, 0.05],
    },
    misleading: { ...momentum(0.97, 0.01, sigma(0.02)), trial: { steps: 2000, converge: { within: 0.15, of: 'any' } } },
    sound: {
      ...momentum(0.97, 0.01, sigma(0.02)),
      trial: { steps: 3000, converge: { within: 0.15, of: 'any', hold: 300 } },
    },
  },
  {
    kind: 'passing through',
    name: 'passing-plateau',
    // L' = ((x - 1)^2 + 0.02) (x + 2): nearly flat at 1, and a minimum at -2.
    base: {
      ...formula(['x'], 'x^4/4 - 1.49*x^2 + 2.04*x', { floor: [-2] }),
      start: [2],
      ...gradient(0.05, sigma(0.05)),
    },
    misleading: { trial: { steps: 5000, converge: { gradient: 0.1 } } },
    sound: { trial: { steps: 5000, converge: { gradient: 0.3, hold: 300 } } },
  },

  // A start where the gradient is zero and that is not a minimum.
  {
    kind: 'saddle start',
    name: 'saddle-ridge',
    base: { landscape: { preset: 'double-well' }, ...gradient(0.1, sigma(0.8)) },
    misleading: { start: [0], trial: { steps: 200, escape: 'x >= 0.5' } },
    sound: { start: [-1], trial: { steps: 1000, escape: 'x >= 0' } },
  },
  {
    kind: 'saddle start',
    name: 'saddle-banana',
    base: { landscape: { preset: 'banana' }, ...gradient(0.05, sigma(1)) },
    misleading: { start: [0, 0], trial: { steps: 500, escape: 'distance >= 0.7' } },
    sound: { start: { minimum: 'left' }, trial: { steps: 500, escape: 'distance >= 0.7' } },
  },
  {
    kind: 'saddle start',
    name: 'saddle-maximum',
    base: { ...formula(['x', 'y'], 'cos(x) + cos(y)'), ...gradient(0.1, sigma(1)) },
    misleading: { start: [0, 0], trial: { steps: 300, escape: 'distance >= 2' } },
    sound: { start: [Math.PI, Math.PI], trial: { steps: 300, escape: 'distance >= 1' } },
  },
  {
    kind: 'saddle start',
    name: 'saddle-five',
    base: { ...wells(5), ...gradient(0.1, sigma(1)) },
    misleading: { start: [-1, -1, 0, -1, -1], trial: { steps: 200, escape: 'x[3] >= 0.5' } },
    sound: { start: [-1, -1, -1, -1, -1], trial: { steps: 500, escape: 'x[3] >= 0' } },
  },
  {
    kind: 'saddle start',
    name: 'saddle-flat',
    // The Hessian at the origin is zero in y: x^2 + y^3 falls along -y, and x^2 + y^4 is a minimum.
    base: { start: [0, 0], ...gradient(0.05, sigma(1)), trial: { steps: 100, escape: 'distance >= 0.8' } },
    misleading: formula(['x', 'y'], 'x^2/2 + y^3/3 + y^4/8'),
    sound: formula(['x', 'y'], 'x^2/2 + y^4/4'),
  },
  {
    kind: 'saddle start',
    name: 'saddle-network',
    // Two units that are alike stay alike: descent ends at the best network of one unit, and both sides of it fall.
    base: {
      landscape: {
        network: {
          layers: [1, 2, 1],
          activation: 'tanh',
          data: { inputs: grid.map((x) => [x]), targets: grid.map((x) => [Math.sin(2.5 * x) + 0.5 * x * x]) },
          decay: 0.001,
        },
      },
      ...gradient(0.1, sigma(0.1)),
      trial: { steps: 500, escape: 'distance >= 0.7' },
    },
    misleading: { start: { descend: { from: [1, 1, 0.1, 0.1, 0.5, 0.5, 0], gradient: 1e-6, eta: 0.2 } } },
    sound: { start: { descend: { from: [1.3, 0.8, 0.4, -0.9, 0.6, -0.7, 0], gradient: 1e-6, eta: 0.2 } } },
  },

  // An event that is true at once.
  {
    kind: 'already true',
    name: 'already-converged',
    base: { ...doubleWell, ...gradient(0.1, sigma(1)) },
    misleading: { trial: { steps: 1000, escape: 'x >= 0', converge: { within: 0.5, of: 'left' } } },
    sound: {
      trial: { steps: 1000, escape: 'x >= 0', converge: { within: 0.5, of: 'left' }, afterConverge: 'continue' },
    },
  },
  {
    kind: 'already true',
    name: 'already-far',
    base: { ...doubleWell, ...gradient(0.1, sigma(1)) },
    misleading: { trial: { steps: 1000, escape: 'distance >= 0.003' } },
    sound: { trial: { steps: 1000, escape: 'distance >= 0.9' } },
  },
  {
    kind: 'already true',
    name: 'already-marked',
    base: { landscape: { preset: 'banana' }, start: { minimum: 'left' }, ...gradient(0.05, sigma(1)) },
    misleading: { trial: { steps: 200, marks: { low: 'loss <= 1' } } },
    sound: { trial: { steps: 200, marks: { high: 'loss >= 0.2' } } },
  },
  {
    kind: 'already true',
    name: 'already-five',
    base: { ...wells(5), ...gradient(0.05, sigma(1)) },
    misleading: { trial: { steps: 300, escape: 'x[1] >= 0', converge: { gradient: 3 } } },
    sound: { trial: { steps: 300, escape: 'x[1] >= 0', marks: { flat: 'x[2] >= -0.5' } } },
  },

  // A rate over a time in which the start is not forgotten.
  {
    kind: 'transient',
    name: 'transient-short',
    base: { ...doubleWell, ...gradient(0.01, sigma(6)), estimates: ['escape', 'escapeRate'] },
    misleading: { trial: { steps: 25, escape: 'x >= -0.8' }, trials: 1000 },
    sound: { trial: { steps: 3000, escape: 'x >= 0' }, rate: { after: 300 } },
  },
  {
    kind: 'transient',
    name: 'transient-plane',
    base: { landscape: { preset: 'banana' }, start: { minimum: 'left' }, estimates: ['escapeRate'] },
    misleading: { ...gradient(0.01, sigma(6)), trial: { steps: 20, escape: 'x >= -0.8' }, trials: 1000 },
    sound: { ...gradient(0.05, sigma(1.6)), trial: { steps: 2000, escape: 'x >= 0' }, rate: { after: 100 } },
  },
  {
    kind: 'transient',
    name: 'transient-bowl',
    base: {
      landscape: { preset: 'quadratic', dimension: 5 },
      start: { minimum: 'origin' },
      estimates: ['escapeRate'],
    },
    misleading: { ...gradient(0.01, sigma(5)), trial: { steps: 20, escape: 'distance >= 0.6' }, trials: 500 },
    sound: { ...gradient(0.1, sigma(1.2)), trial: { steps: 2000, escape: 'distance >= 1.4' }, rate: { after: 60 } },
  },
  {
    kind: 'transient',
    name: 'transient-outside',
    base: { landscape: { preset: 'tilted-double-well' }, ...gradient(0.02, sigma(2)), estimates: ['escapeRate'] },
    misleading: { start: [0.0], trial: { steps: 30, escape: 'x >= 0.2' }, trials: 1000 },
    sound: {
      ...gradient(0.02, sigma(4)),
      start: { minimum: 'left' },
      trial: { steps: 3000, escape: 'x >= 0.2' },
      rate: { after: 150 },
    },
  },

  // Descent does it without any noise.
  {
    kind: 'descent alone',
    name: 'descent-hill',
    base: { landscape: { preset: 'double-well' }, ...gradient(0.1, sigma(1)) },
    misleading: { start: [0.02], trial: { steps: 300, escape: 'x >= 0.5' } },
    sound: { start: { minimum: 'left' }, trial: { steps: 300, escape: 'x >= 0' } },
  },
  {
    kind: 'descent alone',
    name: 'descent-network',
    base: {
      landscape: { network: { layers: [2, 3, 1], activation: 'tanh', data: { preset: 'xor' }, decay: 0.001 } },
      ...gradient(0.1, sigma(0.2)),
    },
    misleading: { start: { init: 'xavier' }, trial: { steps: 2000, escape: 'distance >= 0.8' } },
    sound: {
      start: { descend: { from: { init: 'xavier' }, gradient: 1e-5, eta: 0.2 } },
      trials: 50,
      trial: { steps: 500, escape: 'distance >= 0.8' },
    },
  },

  // The noise is not what the numbers of the spec say, or is lost beside the coordinates.
  {
    kind: 'wrong temperature',
    name: 'noise-temperature',
    base: doubleWell,
    misleading: {
      ...momentum(0.9, 0.02, { form: 'additive', law: 'gaussian', temperature: 0.2 }),
      trial: { steps: 1000, escape: 'x >= 0' },
    },
    sound: {
      ...gradient(0.02, { form: 'additive', law: 'gaussian', temperature: 0.2 }),
      trial: { steps: 1000, escape: 'x >= 0' },
    },
  },
  {
    kind: 'rounding',
    name: 'noise-rounded',
    base: {
      ...formula(['x'], '((x - 1000)^2 - 1)^2/4', { left: [999], right: [1001] }),
      start: { minimum: 'left' },
      trial: { steps: 300, escape: 'x >= 1000' },
    },
    misleading: gradient(0.1, sigma(1e-13)),
    sound: gradient(0.1, sigma(1.5)),
  },
]
