import type { Cell, Rule } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, layoutOf, prepare, runReference } from '../index.ts'
import { cellOf, constant, drift, formula, indexed } from './cells.fixture.ts'

const steps = 60
const h = 1.3
const start = 0.8
const eta = 0.07

/** theta_60 of a rule in h x^2/2 without drift, from the loss and the side that the kernel reports. */
async function lastTheta(rule: Rule): Promise<number> {
  const cell = cellOf({
    landscape: formula(['x'], 'h*x^2/2', [['h', h]]),
    start: [start],
    update: { rule, eta: constant(eta), drift: [] },
    trial: { steps, classify: [['negative', 'x < 0']] },
  })
  const { loss, class: sign } = decodeOutcome(await recordOf(cell), layoutOf(cell), 0)
  return Math.sqrt((2 * loss) / h) * (sign === 'negative' ? -1 : 1)
}

async function recordOf(cell: Cell, count = 1): Promise<Uint8Array> {
  const kernel = await kernelOf(cell)
  return kernel.run(0, count, { keep: true, horizons: [] }).records!
}

/** One step of a parameter: gets g and t = 1, 2, ..., returns the new parameter. */
type Optimizer = (parameter: number, g: number, t: number) => number

/** What the pages of torch.optim say, in its names. */
const torch = {
  nesterov: (momentum: number): Optimizer => {
    let b = 0
    return (parameter, g, t) => {
      b = t > 1 ? momentum * b + g : g
      return parameter - eta * (g + momentum * b)
    }
  },
  adagrad: (eps: number): Optimizer => {
    let sum = 0
    return (parameter, g) => {
      sum += g * g
      return parameter - (eta * g) / (Math.sqrt(sum) + eps)
    }
  },
  rmsprop: (alpha: number, eps: number): Optimizer => {
    let average = 0
    return (parameter, g) => {
      average = alpha * average + (1 - alpha) * g * g
      return parameter - (eta * g) / (Math.sqrt(average) + eps)
    }
  },
  adam: (beta1: number, beta2: number, eps: number): Optimizer => {
    let [m, v] = [0, 0]
    return (parameter, g, t) => {
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g * g
      const mHat = m / (1 - beta1 ** t)
      const vHat = v / (1 - beta2 ** t)
      return parameter - (eta * mHat) / (Math.sqrt(vHat) + eps)
    }
  },
  /** The sign convention of this package: v' = beta v - eta g, theta' = theta + v'. */
  momentum: (beta: number): Optimizer => {
    let v = 0
    return (parameter, g) => {
      v = beta * v - eta * g
      return parameter + v
    }
  },
}

const rules: readonly (readonly [Rule, Optimizer])[] = [
  [{ kind: 'gradient' }, (parameter, g) => parameter - eta * g],
  [{ kind: 'momentum', beta: 0.6 }, torch.momentum(0.6)],
  [{ kind: 'nesterov', beta: 0.6 }, torch.nesterov(0.6)],
  [{ kind: 'adagrad', epsilon: 1e-3 }, torch.adagrad(1e-3)],
  [{ kind: 'rmsprop', alpha: 0.9, epsilon: 1e-3 }, torch.rmsprop(0.9, 1e-3)],
  [{ kind: 'adam', beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }, torch.adam(0.8, 0.95, 1e-3)],
]

describe('rules do what PyTorch says', () => {
  it.each(rules.map(([rule, optimizer]) => [rule.kind, rule, optimizer] as const))('%s', async (_, rule, optimizer) => {
    let parameter = start
    for (let t = 1; t <= steps; t++) parameter = optimizer(parameter, h * parameter, t)
    expect(Math.abs((await lastTheta(rule)) - parameter)).toBeLessThan(1e-12)
  })

  it('a coefficient that is off by a thousandth is seen', async () => {
    const [near, exact] = await Promise.all([lastTheta({ kind: 'momentum', beta: 0.601 }), lastTheta(rules[1]![0])])
    expect(Math.abs(near - exact)).toBeGreaterThan(1e-9)
  })
})

const adamText: Rule = {
  kind: 'custom',
  state: [
    { name: 'm', initial: 0, next: '0.9*m + (1 - 0.9)*g' },
    { name: 'v', initial: 0, next: '0.999*v + (1 - 0.999)*g^2' },
  ],
  theta: 'theta - eta/(1 - 0.9^(n + 1))*(m/(sqrt(v)/sqrt(1 - 0.999^(n + 1)) + 1e-8))',
}

describe('custom rules', () => {
  const noisy = (rule: Rule, dimension: number): Cell =>
    cellOf({
      landscape: indexed(dimension, `sum(i, 1, ${dimension}, x[i]^4/4 - x[i]^2/2)`),
      start: new Array<number>(dimension).fill(0.5),
      update: {
        rule,
        eta: { kind: 'power', initial: 0.05, offset: 30, exponent: 0.5 },
        drift: [drift('gaussian', 'sigma', 1)],
      },
      trial: { steps: 50 },
      streams: 'common',
    })

  it.each([3, 11])('adam written out gives the bits of adam, dimension %d', async (dimension) => {
    const builtin = noisy({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, dimension)
    expect(await recordOf(noisy(adamText, dimension), 30)).toEqual(await recordOf(builtin, 30))
  })

  it('momentum written out gives the bits of momentum', async () => {
    const text: Rule = {
      kind: 'custom',
      state: [{ name: 'v', initial: 0, next: '0.9*v - eta*g' }],
      theta: 'theta + v',
    }
    expect(await recordOf(noisy(text, 2), 30)).toEqual(await recordOf(noisy({ kind: 'momentum', beta: 0.9 }, 2), 30))
  })

  it('takes all new states from the old ones, then theta from the new', async () => {
    // a, b = b, a + b: Fibonacci; theta counts up by the new b. n = 0 .. 9.
    const cell = cellOf({
      landscape: formula(['x'], 'x'),
      start: [0],
      update: {
        rule: {
          kind: 'custom',
          state: [
            { name: 'a', initial: 0, next: 'b' },
            { name: 'b', initial: 1, next: 'a + b' },
          ],
          theta: 'theta + b',
        },
        drift: [],
      },
      trial: { steps: 10 },
    })
    const { loss } = decodeOutcome(await recordOf(cell), layoutOf(cell), 0)
    // The sum of F_2 .. F_11 is F_13 - 2.
    expect(loss).toBe(231)
    expect(runReference(cell, 0, 1, { horizons: [] }).records).toEqual(await recordOf(cell))
  })

  it('knows sign, n and a noise of its own', async () => {
    const cell = cellOf({
      landscape: indexed(2, 'sum(i, 1, 2, x[i]^2)'),
      start: [0.31, -0.47],
      update: {
        rule: { kind: 'custom', state: [], theta: 'theta - eta*sign(g)*(1 + n) + 0.01*xi' },
        eta: constant(0.01),
        drift: [drift('uniform', 'sigma', 0.1)],
      },
      trial: { steps: 20, escape: { kind: 'outside', radius: 1, of: [0, 0] } },
    })
    expect(await recordOf(cell, 20)).toEqual(runReference(cell, 0, 20, { horizons: [] }).records)
  })

  it('other numbers of a rule are the same module', () => {
    const shape = (beta1: number, epsilon: number) =>
      prepare(noisy({ kind: 'adam', beta1, beta2: 0.999, epsilon }, 2)).shape
    expect(shape(0.8, 1)).toBe(shape(0.9, 1e-8))
  })
})
