import type { Cell } from '@driftfarm/spec'
import {
  banana,
  cellOf,
  constant,
  doubleWell,
  drift,
  exits,
  formula,
  indexed,
  quadratic,
  wells,
} from './cells.fixture.ts'

const tilted = formula(['x'], '(x^2 - 1)^2/4 + c*x', [['c', 0.1]])
const threeHole = formula(
  ['x', 'y'],
  '3*exp(-x^2 - (y - 1/3)^2) - 3*exp(-x^2 - (y - 5/3)^2) - 5*exp(-(x - 1)^2 - y^2) - 5*exp(-(x + 1)^2 - y^2) + ' +
    '0.2*x^4 + 0.2*(y - 1/3)^4',
)
const himmelblau = formula(['x', 'y'], '(x^2 + y - 11)^2 + (x + y^2 - 7)^2')
const rosenbrock = (d: number) =>
  indexed(d, `sum(i, 1, ${d - 1}, b*(x[i+1] - x[i]^2)^2 + (a - x[i])^2)`, [
    ['a', 1],
    ['b', 100],
  ])
const rastrigin = (d: number) => indexed(d, `10*${d} + sum(i, 1, ${d}, x[i]^2 - 10*cos(2*pi*x[i]))`)
const ackley = (d: number) =>
  indexed(d, `-20*exp(-0.2*sqrt(sum(i, 1, ${d}, x[i]^2)/${d})) - exp(sum(i, 1, ${d}, cos(2*pi*x[i]))/${d}) + 20 + e`)
const styblinskiTang = (d: number) => indexed(d, `sum(i, 1, ${d}, x[i]^4 - 16*x[i]^2 + 5*x[i])/2`)
/** Every coordinate pulls at every other. */
const pairs = (d: number) =>
  indexed(d, `sum(i, 1, ${d}, sum(j, 1, i, exp(-(x[i] - x[j])^2)*j/${d})) + sum(i, 1, ${d}, x[i]^2)`)

/**
 * Cells by name: every landscape, kind of scale, schedule and event at least once; rules, laws and drift of each make.
 */
export const gallery: Readonly<Record<string, Cell>> = {
  'double well, first exit': cellOf({
    landscape: doubleWell,
    start: [-1],
    trial: { ...wells, escape: exits(['', 'x >= 0']) },
  }),
  'double well, uniform drift on theta': cellOf({
    landscape: doubleWell,
    start: [-1],
    update: { drift: [drift('uniform', 'step', 0.2)] },
    trial: { ...wells, escape: { kind: 'outside', radius: 0.5, of: [-1] } },
  }),
  'double well, rademacher drift, both events': cellOf({
    landscape: doubleWell,
    start: [-1],
    update: { drift: [drift('rademacher', 'temperature', 0.05)] },
    trial: {
      ...wells,
      escape: exits(['far', 'x >= 0.5'], ['near', 'x >= 0 || distance > 1.2']),
      afterEscape: 'continue',
      converge: { kind: 'within', radius: 0.3, of: [['right', [1]]], hold: 5 },
    },
  }),
  'tilted, no drift, gradient': cellOf({
    landscape: tilted,
    start: [0.3],
    update: { drift: [] },
    trial: { ...wells, steps: 400, settledRadius: 0.2, converge: { kind: 'gradient', tolerance: 1e-6, hold: 3 } },
  }),
  'double well, basin': cellOf({
    landscape: doubleWell,
    start: [-1],
    update: { drift: [drift('gaussian', 'sigma', 2)] },
    trial: { ...wells, escape: { kind: 'basin', every: 10, descent: { gradient: 1e-4, eta: 0.1, steps: 80 } } },
  }),
  'a curved valley, quench': cellOf({
    landscape: formula(['x', 'y'], '(x*y - 1)^2'),
    start: [1, 1],
    update: { drift: [drift('gaussian', 'sigma', 4)] },
    trial: { minima: [['middle', [1, 1]]], quench: { gradient: 1e-3, eta: 0.02, steps: 2000 } },
  }),
  'tilted, momentum, all continue': cellOf({
    landscape: tilted,
    start: [-1],
    update: { rule: { kind: 'momentum', beta: 0.9 }, eta: constant(0.02), drift: [drift('gaussian', 'sigma', 1.5)] },
    trial: {
      ...wells,
      escape: exits(['', 'x > 0']),
      converge: { kind: 'when', when: 'loss < 0.1 && gradnorm < 0.5', hold: 4 },
      afterEscape: 'continue',
      afterConverge: 'continue',
      marks: [
        ['low', 'loss <= 1e-2'],
        ['late', 'step >= 20 && !(x < 0)'],
      ],
      classify: [
        ['good', 'loss < 0.05'],
        ['left', 'x < 0'],
      ],
    },
  }),
  'double well, power and expression schedules': cellOf({
    landscape: doubleWell,
    start: [-1],
    update: {
      eta: { kind: 'power', initial: 0.3, offset: 10, exponent: 0.6 },
      drift: [drift('gaussian', 'temperature', { kind: 'expression', expression: 'sqrt(0.1/log(n + 2))' })],
    },
    trial: {
      ...wells,
      escape: exits(['', 'x >= 0']),
      converge: { kind: 'within', radius: 0.05, of: [['left', [-1]]], hold: 10 },
    },
  }),
  'double well, exponential, cosine and piecewise schedules': cellOf({
    landscape: doubleWell,
    start: [-1],
    update: {
      rule: { kind: 'momentum', beta: 0.5 },
      eta: { kind: 'cosine', initial: 0.2, final: 0.01, steps: 60 },
      drift: [
        drift('uniform', 'step', {
          kind: 'piecewise',
          points: [
            [0, 0.1],
            [7, 0.3],
            [30, 0],
          ],
        }),
        drift('gaussian', 'sigma', { kind: 'exponential', initial: 2, rate: 0.97 }),
      ],
    },
    trial: { ...wells, escape: exits(['', 'x >= 0']), afterEscape: 'continue', marks: [['right', 'x > 0.9']] },
  }),
  'banana, two exits': cellOf({
    landscape: banana,
    start: [-1, 1],
    trial: {
      minima: [
        ['left', [-1, 1]],
        ['right', [1, 1]],
      ],
      escape: exits(['upper', 'x >= 0 && y >= 0.6'], ['lower', 'x >= 0']),
      marks: [['m2', 'loss <= 1e-2']],
    },
  }),
  'three hole': cellOf({
    landscape: threeHole,
    start: [-1, 0],
    update: { drift: [drift('gaussian', 'temperature', 0.6)], eta: constant(0.02) },
    trial: {
      escape: exits(['top', 'y > 1'], ['right', 'x > 0.5']),
      classify: [
        ['top', 'y > 1'],
        ['deep', 'loss < -2.5'],
      ],
    },
  }),
  'himmelblau, any minimum': cellOf({
    landscape: himmelblau,
    start: [0, 0],
    update: { eta: constant(0.01), drift: [drift('gaussian', 'step', 0.05)] },
    trial: {
      minima: [
        ['a', [3, 2]],
        ['b', [-2.805118, 3.131312]],
      ],
      converge: {
        kind: 'within',
        radius: 0.2,
        of: [
          ['a', [3, 2]],
          ['', [3.584428, -1.848126]],
          ['b', [-2.805118, 3.131312]],
        ],
        hold: 3,
      },
      settledRadius: 0.3,
      steps: 60,
    },
  }),
  'divergence in the quadratic': cellOf({
    landscape: formula(['x'], 'h*x^2/2', [['h', 2.3]]),
    start: [0],
    update: { eta: constant(1), drift: [drift('gaussian', 'sigma', 1)] },
    trial: { divergence: 100, marks: [['far', 'x^2 > 50^2 || x != x']], escape: exits(['', 'loss > 1e9']) },
  }),
  'overflow to infinity and NaN': cellOf({
    landscape: formula(['x', 'y'], 'x^8/8 + exp(y^2) + x*y'),
    start: [3, 0.1],
    update: { eta: constant(1) },
    trial: {
      divergence: 1e300,
      classify: [
        ['nan', 'x != x'],
        ['big', '!(loss < 1)'],
      ],
    },
  }),
  'quadratic, 1': cellOf({
    landscape: quadratic(1),
    start: [0.5],
    trial: { escape: { kind: 'outside', radius: 0.8, of: [0] } },
  }),
  'quadratic, 3': cellOf({
    landscape: quadratic(3),
    start: [0, 0, 0],
    update: { drift: [drift('gaussian', 'sigma', 1), drift('rademacher', 'step', 0.1)] },
    trial: { escape: exits(['', 'sum(i, 1, 3, x[i]^2) >= 1']), minima: [['origin', [0, 0, 0]]] },
  }),
  'quadratic, 10': cellOf({
    landscape: quadratic(10),
    start: new Array<number>(10).fill(0),
    trial: { escape: { kind: 'outside', radius: 1.2, of: new Array<number>(10).fill(0) } },
  }),
  'quadratic, 100, momentum and two drifts': cellOf({
    landscape: quadratic(100),
    start: new Array<number>(100).fill(0.1),
    update: {
      rule: { kind: 'momentum', beta: 0.9 },
      drift: [
        drift('uniform', 'step', 0.1),
        drift('gaussian', 'sigma', { kind: 'exponential', initial: 1, rate: 0.9 }),
        drift('rademacher', 'step', 0.01),
      ],
    },
    trial: {
      steps: 20,
      marks: [['m', 'x[1] > x[100] && gradnorm > 1 && sum(i, 2, 99, x[i]*i) > 0']],
      converge: { kind: 'gradient', tolerance: 14, hold: 2 },
    },
  }),
  'rosenbrock, 2': cellOf({
    landscape: rosenbrock(2),
    start: [-1.2, 1],
    update: { eta: constant(0.001), drift: [drift('gaussian', 'step', 0.02)] },
    trial: { classify: [['near', 'distance < 0.5']] },
  }),
  'rosenbrock, 12': cellOf({
    landscape: rosenbrock(12),
    start: new Array<number>(12).fill(0.5),
    update: { eta: constant(0.001), drift: [drift('gaussian', 'step', 0.02)] },
    trial: { marks: [['low', 'loss < 5']], steps: 40, minima: [['one', new Array<number>(12).fill(1)]] },
  }),
  'rastrigin, 2': cellOf({
    landscape: rastrigin(2),
    start: [0, 0],
    update: { eta: constant(0.002), drift: [drift('gaussian', 'temperature', 5)] },
    trial: { escape: { kind: 'outside', radius: 0.5, of: [0, 0] } },
  }),
  'rastrigin, 10': cellOf({
    landscape: rastrigin(10),
    start: new Array<number>(10).fill(0),
    update: { eta: constant(0.002), drift: [drift('uniform', 'temperature', 5)] },
    trial: { escape: exits(['', 'max(x[1], x[10]) > 0.5']), steps: 50 },
  }),
  'ackley, 2': cellOf({ landscape: ackley(2), start: [0.7, -0.4], update: { eta: constant(0.05) } }),
  'ackley, 15': cellOf({
    landscape: ackley(15),
    start: new Array<number>(15).fill(0.4),
    update: { eta: constant(0.3) },
    trial: { steps: 30, marks: [['low', 'loss < 2']] },
  }),
  'styblinski-tang, 5': cellOf({
    landscape: styblinskiTang(5),
    start: [1, 1, 1, 1, 1],
    update: { eta: constant(0.01), drift: [drift('gaussian', 'step', 0.5)] },
    trial: { classify: [['all left', 'max(max(x[1], x[2]), max(x[3], max(x[4], x[5]))) < 0']] },
  }),
  'pairs, 4': cellOf({ landscape: pairs(4), start: [0.1, 0.2, 0.3, 0.4] }),
  'pairs, 11': cellOf({ landscape: pairs(11), start: new Array<number>(11).fill(0.2), trial: { steps: 15 } }),
  'banana, adam, rotations, rates and flips': cellOf({
    landscape: banana,
    start: [-1, 1],
    update: {
      rule: { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
      eta: { kind: 'power', initial: 0.1, offset: 20, exponent: 0.5 },
      drift: [
        { form: 'rotation', law: { kind: 'student', nu: 2.5 }, amount: constant(0.5), when: null, every: 1 },
        { form: 'rate', law: { kind: 'laplace' }, amount: constant(0.5), when: 'loss > 0.1', every: 1 },
        { form: 'flip', amount: constant(0.2), when: null, every: 3 },
      ],
    },
    trial: { escape: exits(['', 'x >= 0']), marks: [['m', 'loss < 0.05']] },
  }),
  'rosenbrock, 3, noise by the Hessian and heavy tails': cellOf({
    landscape: rosenbrock(3),
    start: [0.5, 0.3, 0.1],
    update: {
      rule: { kind: 'nesterov', beta: 0.5 },
      eta: constant(0.0005),
      drift: [
        {
          form: 'anisotropic',
          shape: { kind: 'hessian', at: 'start', power: 0.5, trace: 30 },
          law: { kind: 'gaussian' },
          isotropic: false,
          amount: constant(5),
          when: null,
          every: 1,
        },
        {
          form: 'additive',
          scale: 'step',
          law: { kind: 'stable', alpha: 1.6 },
          isotropic: true,
          amount: constant(0.003),
          when: null,
          every: 1,
        },
      ],
    },
    trial: { escape: { kind: 'outside', radius: 0.6, of: [0.5, 0.3, 0.1] } },
  }),
  'quadratic, 11, a rule of its own with noise of its own': cellOf({
    landscape: quadratic(11),
    start: new Array<number>(11).fill(0.3),
    update: {
      rule: {
        kind: 'custom',
        state: [
          { name: 'm', initial: 0, next: '0.9*m + 0.1*g' },
          { name: 'u', initial: 1, next: 'max(0.99*u, abs(g))' },
        ],
        theta: 'theta - eta*sign(m)*u/sqrt(n + 1) + 0.01*xi',
      },
      drift: [
        { form: 'multiplicative', law: { kind: 'ball' }, isotropic: false, amount: constant(1), when: null, every: 1 },
        {
          form: 'loss-scaled',
          law: { kind: 'student', nu: 1.5 },
          isotropic: true,
          amount: constant(0.1),
          when: null,
          every: 2,
        },
      ],
    },
    trial: { steps: 40, converge: { kind: 'when', when: 'loss < 0.2', hold: 3 } },
  }),
  'every function': cellOf({
    landscape: formula(
      ['x', 'y'],
      'sin(x)*cos(y) + tanh(x*y) + sinh(x)/cosh(y) + atan(x - y) + acos(x/(1 + abs(x) + abs(y))) + softplus(x) + ' +
        'sigmoid(y) + erf(x + y) + log(1 + x^2) + relu(x - y) + min(x, y^2) + max(x^3, y) + sqrt(1 + x^2 + y^2) + ' +
        '(1.5 + tanh(x))^(2 + sin(y)) + tan(x/10) + exp(-x^2 - y^2) + abs(x + 0.1)^2.5 + (x^2 + 1)^-2',
    ),
    start: [0.3, -0.2],
    trial: { divergence: 50, steps: 60 },
  }),
  'double well, sam, clip, decay and warm-up': cellOf({
    landscape: doubleWell,
    start: [-1],
    update: { sam: { rho: 0.2 }, clip: 0.3, decoupledDecay: 0.05, warmup: 20, drift: [drift('gaussian', 'sigma', 1)] },
    trial: { ...wells, escape: exits(['', 'x >= 0']), steps: 200 },
  }),
}
