import { ends, runReference } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import { unlessRefused } from '../refusal.ts'
import type { OracleAnswer } from '../shapes/oracle.ts'
import { latticeAnswers } from './latticeAnswers.ts'

function cellOf(spec: object) {
  return parseSweep(JSON.stringify({ version: 1, name: 'lattice', trials: 1, ...spec }), { fileName: 'lattice' }).cell(
    0,
  )
}

function ask(spec: object, horizons: readonly number[] = []): OracleAnswer {
  const { cell, tables } = cellOf(spec)
  const found = oracle(cell, tables, { horizons })
  if ('reason' in found) throw new Error(found.reason)
  return found
}

function valueOf({ answers, missing }: OracleAnswer, name: string): number {
  const found = answers.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}: ${JSON.stringify(missing)}`)
  return found.value
}

/** That all are right within what they say of themselves, and that is little. */
function expectAll(found: OracleAnswer, exact: Readonly<Record<string, number>>, digits = 1e-12): void {
  for (const [name, value] of Object.entries(exact)) {
    const off = Math.abs(valueOf(found, name) / value - 1)
    const { error } = found.answers.find((one) => one.name === name)!
    expect(off, `${name}: ${valueOf(found, name)}, exact ${value}`).toBeLessThan(digits)
    // The exact values are doubles themselves, some of them of 13 digits.
    expect(off, `${name} says ${error}`).toBeLessThan(Math.max(error, digits / 10))
    expect(error).toBeLessThan(1e-10)
  }
}

const reasonOf = ({ missing }: OracleAnswer, name: string) => missing.find((one) => one.name === name)?.reason

const line = (expression: string) => ({ formula: { variables: ['x'], expression } })
const flip = (q: number, more: object = {}) => ({ rule: 'gradient', eta: 1, drift: { form: 'flip', q, ...more } })

describe("the gambler's ruin", () => {
  const ruin = (q: number, start: number, top: number, trial: object) => ({
    landscape: line('x'),
    start: [start],
    update: flip(q),
    trial: { steps: 100, escape: { top: `x >= ${top}`, bottom: 'x <= 0' }, ...trial },
  })

  // P = (1 - r^i) / (1 - r^M) with r = (1 - q) / q, or i / M; the mean is (i - M P) / (1 - 2 q), or i (M - i). Within n
  // steps by powers of the matrix in rational arithmetic.
  test.each([
    { q: 0.4, start: 5, top: 10, exact: [32 / 275, 19.181818181818183, 0.075695811198976, 0.11622021259771805] },
    { q: 0.5, start: 3, top: 10, exact: [3 / 10, 21, 0.11274147033691406, 0.2965355220200973] },
    {
      q: 0.3,
      start: 5,
      top: 20,
      exact: [14348907 / 4817209780900, 12.499851066201675, 1.449741818745e-7, 2.9742688161669854e-6],
    },
  ])('q = $q from $start to $top', ({ q, start, top, exact }) => {
    const [ever, mean, within20, within100] = exact as [number, number, number, number]
    const both = ask(ruin(q, start, top, {}), [20])
    expectAll(both, {
      'exit:top@20': within20,
      'exit:top': within100,
      'firstExit:top': ever,
      'firstExit:bottom': 1 - ever,
      firstExit: 1,
      meanExitStep: mean,
    })
    expect(both.chain).toMatchObject({ law: 'flip', scale: q, finite: { form: 'flip', points: top + 1, apart: 0 } })
    const converging = ask(ruin(q, start, top, { escape: `x >= ${top}`, converge: { when: 'x <= 0' } }), [20])
    expectAll(converging, { 'escape@20': within20, escape: within100, firstExit: ever, meanEndStep: mean })
    // The leading eigenvalue of the matrix is 2 sqrt(q (1 - q)) cos(pi / M), and its opposite is one as well: half of
    // all steps end none.
    expectAll(both, { rate: 1 - 2 * Math.sqrt(q * (1 - q)) * Math.cos(Math.PI / top) })
  })

  test('steps of 0.3 are a lattice but for rounding, and no boundary may go through its points', () => {
    const thirds = (top: string) => ({
      landscape: line('x'),
      start: [0.3],
      update: { ...flip(0.4), eta: 0.3 },
      trial: { steps: 100, escape: { top, bottom: 'x <= 0.15' } },
    })
    const found = ask(thirds('x >= 2.85'))
    expectAll(found, { 'firstExit:top': (1 - 1.5) / (1 - 1.5 ** 10) })
    expect(found.chain.finite).toMatchObject({ points: 11 })
    expect(found.chain.finite!.apart).toBeGreaterThan(0)
    expect(found.chain.finite!.apart).toBeLessThan(1e-15)
    expect(() => ask(thirds('x >= 3'))).toThrow(
      /\(2\.9999999999999996\) differ only by rounding, but an event holds at only one of them/,
    )
  })

  test('a lattice that is too large to be eliminated is followed until none are left', () => {
    const found = ask(ruin(0.1, 40, 4100, { steps: 1000 }))
    expectAll(found, { meanExitStep: 50, firstExit: 1, 'firstExit:bottom': 1 })
    expect(reasonOf(found, 'rate')).toMatch(/too many (states )?for Gaussian elimination/)
  })
})

describe('multiplicative drift of two values', () => {
  // Factors u = 1.25 and u^-2, each with probability 1/2.
  const golden = (power: number, trial: object) => ({
    landscape: { preset: 'quadratic', dimension: 1, parameters: { h: 0.05499999999999994 } },
    start: [1],
    update: {
      rule: 'gradient',
      eta: 1,
      drift: { form: 'multiplicative', law: 'rademacher', sigma: 5.545454545454551 },
    },
    trial: { steps: 200, escape: `abs(x) >= ${1.25 ** power * (1 - 1e-9)}`, ...trial },
  })

  test.each([
    [1, 0.618033974269086],
    [5, 0.09016991740087407],
    [10, 0.00813060245482741],
  ])('passes u^%i within 200 steps', (power, exact) => {
    const found = ask(golden(power, {}))
    expectAll(found, { escape: exact })
    expect(reasonOf(found, 'firstExit')).toMatch(/too close to 0 for a double/)
  })

  test.each([1, 5, 10, 40])('passes u^%i sooner or later with a power of the golden ratio', (power) => {
    // Trials end at u^-120, whence (0.618..)^120 come back.
    const found = ask(golden(power, { converge: { within: 1.25 ** -119.5, of: [0] } }))
    expectAll(found, { firstExit: ((Math.sqrt(5) - 1) / 2) ** power })
  })

  test('horizons at which a coordinate underflows are refused, shorter ones are not', () => {
    const found = ask(golden(1, { steps: 5000 }), [200])
    expectAll(found, { 'escape@200': 0.618033974269086 })
    expect(reasonOf(found, 'escape')).toMatch(/below 1e-290/)
  })
})

test('a flipped quadratic escapes, or is near the minimum in the end', () => {
  // Sums over binomial paths in rational arithmetic.
  const found = ask({
    landscape: { preset: 'quadratic', dimension: 1 },
    start: [1],
    update: { ...flip(0.3), eta: 0.5 },
    trial: { steps: 100, escape: { outside: { radius: 10, of: [0] } }, classify: { near: 'abs(x) < 0.01' } },
  })
  expectAll(found, { escape: 0.0012720393971784821, 'class:near': 0.9987279593884556 })
})

test('a Bernoulli convolution stays within its support', () => {
  const { answers } = ask({
    landscape: { preset: 'quadratic', dimension: 1 },
    start: [0],
    update: { rule: 'gradient', eta: 0.5, drift: { law: 'rademacher', step: 0.25 } },
    trial: { steps: 9, escape: 'abs(x) >= 0.5' },
  })
  expect(answers.find(({ name }) => name === 'escape')).toMatchObject({ value: 0, error: 0 })
  expect(answers.find(({ name }) => name === 'undecided')!.value).toBe(1)
})

/** Sums over all ways of this many steps, one by one. */
function overAllWays(
  { steps, start, taken }: { readonly steps: number; readonly start: readonly number[]; readonly taken: number },
  step: (theta: readonly number[], n: number, taken: boolean) => readonly number[],
  event: (path: readonly (readonly number[])[]) => boolean,
): number {
  let sum = 0
  const walk = (path: readonly (readonly number[])[], chance: number) => {
    const n = path.length - 1
    if (n === steps) {
      if (event(path)) sum += chance
      return
    }
    walk([...path, step(path.at(-1)!, n, false)], chance * (1 - taken))
    walk([...path, step(path.at(-1)!, n, true)], chance * taken)
  }
  walk([start], 1)
  return sum
}

describe('against all ways one by one', () => {
  const well = (x: number) => x * (x * x - 1)

  test('a nonlinear chain, whose points are all different', () => {
    const spec = (steps: number) => ({
      landscape: { preset: 'double-well' },
      start: [-1],
      update: { rule: 'gradient', eta: 0.1, drift: { law: 'rademacher', sigma: 2.5 } },
      trial: { steps, escape: 'x >= 0' },
    })
    const exact = (steps: number) =>
      overAllWays(
        { steps, start: [-1], taken: 0.5 },
        ([x = 0], _, taken) => [x - 0.1 * (well(x) + (taken ? -2.5 : 2.5))],
        (path) => path.slice(1).some(([x]) => x! >= 0),
      )
    expect(exact(10)).toBeGreaterThan(0.01)
    const found = ask(spec(10), [8])
    expectAll(found, { escape: exact(10), 'escape@8': exact(8) })
    expect(found.chain.finite!.apart).toBe(0)
    // Too many are refused, with the numbers; horizons before that are answered.
    const { cell, tables } = cellOf(spec(1000))
    const small = unlessRefused(() => latticeAnswers(cell, tables, [8, 1000], 1000))
    if ('reason' in small) throw new Error(small.reason)
    expectAll(small, { 'escape@8': exact(8) })
    expect(reasonOf(small, 'escape')).toMatch(/^trials reach more than 1000 states within 10 of 1000 steps$/)
    expect(unlessRefused(() => latticeAnswers(cell, tables, [1000], 1000))).toEqual({
      reason: reasonOf(small, 'escape'),
    })
  })

  test('a hold of convergence, and escape that does not stop a trial', () => {
    const holds = (path: readonly (readonly number[])[]) => {
      const held = (at: number) => [0, 1, 2].every((k) => at >= k + 1 && Math.abs(path[at - k]![0]!) <= 1.5)
      const escaped = path.findIndex(([x], at) => at > 0 && x! >= 4)
      const converged = path.findIndex((_, at) => held(at))
      return { escaped, converged }
    }
    const exact = (event: (seen: { escaped: number; converged: number }) => boolean) =>
      overAllWays(
        { steps: 12, start: [3], taken: 0.4 },
        ([x = 0], _, taken) => [x + (taken ? 1 : -1)],
        (path) => event(holds(path)),
      )
    const found = ask({
      landscape: line('x'),
      start: [3],
      update: flip(0.4),
      trial: { steps: 12, escape: 'x >= 4', afterEscape: 'continue', converge: { within: 1.5, of: [0], hold: 3 } },
    })
    expectAll(found, {
      escape: exact(({ escaped, converged }) => escaped > 0 && (converged < 0 || escaped < converged)),
      converge: exact(({ converged }) => converged > 0),
      undecided: exact(({ escaped, converged }) => escaped < 0 && converged < 0),
    })
  })

  test('steps that are not all the same', () => {
    const exact = overAllWays(
      { steps: 12, start: [-0.5], taken: 0.3 },
      ([x = 0], n, taken) => {
        const flipped = n % 2 === 0 && taken
        return [x - (1 / (1 + n / 5)) * (flipped ? -well(x) : well(x))]
      },
      (path) => path.slice(1).some(([x]) => x! > -0.3),
    )
    expect(exact).toBeGreaterThan(0.1)
    const found = ask({
      landscape: { preset: 'double-well' },
      start: [-0.5],
      update: {
        rule: 'gradient',
        eta: { power: { initial: 1, offset: 5, exponent: 1 } },
        drift: { form: 'flip', q: 0.3, every: 2 },
      },
      trial: { steps: 12, escape: 'x > -0.3' },
    })
    expectAll(found, { escape: exact })
    expect(reasonOf(found, 'firstExit')).toBe('the step size or the drift changes with the step')
  })
})

test('events are those of trials', () => {
  const spec = (q: number) => ({
    seed: 7,
    landscape: { formula: { variables: ['x', 'y'], expression: 'x + 2*y' } },
    start: [2, 3],
    update: { ...flip(q), eta: 0.5 },
    trial: {
      steps: 40,
      escape: { right: 'x >= 3.5 && y < 4', up: 'y >= 5' },
      afterEscape: 'continue',
      converge: { within: 1.2, of: [0, -1], hold: 2 },
      marks: { low: 'loss < 4' },
      classify: { negative: 'loss < 0' },
      divergence: 9,
    },
  })
  const trials = 3000
  const { tally } = runReference(cellOf(spec(0.45)).cell, 0, trials, { horizons: [] })
  const counts = {
    escape: tally.escaped,
    'exit:up': tally.exits[1]!,
    converge: tally.convergeHistogram.reduce((sum, [, count]) => sum + count, 0),
    diverge: tally.ends[ends.indexOf('diverged')]!,
    undecided: tally.ends[ends.indexOf('undecided')]!,
    'mark:low': tally.marks[0]!,
    'class:negative': tally.classes[0]!,
    'class:other': tally.classes[1]!,
  }
  const deviations = (q: number) => {
    const found = ask(spec(q))
    return Object.entries(counts).map(([name, count]) => {
      const p = valueOf(found, name)
      return Math.abs(count - trials * p) / Math.sqrt(trials * p * (1 - p))
    })
  }
  // Eight names: a false alarm in 6e4 seeds; the seed is fixed.
  expect(Math.max(...deviations(0.45))).toBeLessThan(4.75)
  expect(Math.max(...deviations(0.5))).toBeGreaterThan(4.75)
})

test('two coordinates that know nothing of each other are a square', () => {
  const walk = (dimension: number, escape: string) => ({
    landscape: { formula: { dimension, expression: '0 * x[1]' } },
    start: new Array(dimension).fill(0),
    update: { rule: 'gradient', eta: 1, drift: { law: 'rademacher', step: 1 } },
    trial: { steps: 60, escape },
  })
  const one = valueOf(ask(walk(1, 'abs(x[1]) >= 5')), 'undecided')
  expectAll(ask(walk(2, 'abs(x[1]) >= 5 || abs(x[2]) >= 5')), { undecided: one ** 2 })
  expectAll(ask(walk(3, 'abs(x[1]) >= 5 || abs(x[2]) >= 5 || abs(x[3]) >= 5')), { undecided: one ** 3 })
})

describe('without drift', () => {
  const descent = (trial: object) => ({
    landscape: { preset: 'quadratic', dimension: 1 },
    start: [1],
    update: { rule: 'gradient', eta: 0.5, drift: 'none' },
    trial: { steps: 100, ...trial },
  })

  test('everything happens or does not', () => {
    const found = ask(descent({ escape: 'x >= 2', converge: { within: 0.1, of: [0] } }), [3])
    expectAll(found, { converge: 1, meanEndStep: 4, firstConverge: 1 })
    expect([valueOf(found, 'converge@3'), valueOf(found, 'escape'), valueOf(found, 'firstExit')]).toEqual([0, 0, 0])
    // All trials end at once, and none are left of whom a part might end.
    expect(reasonOf(found, 'rate')).toMatch(/no trials remain/)
  })

  test('a trial that comes to rest never ends', () => {
    const found = ask({ ...descent({ escape: 'x >= 2' }), start: [0], update: { ...flip(0.5) } })
    expect(valueOf(found, 'firstExit')).toBe(0)
    expect(reasonOf(found, 'meanExitStep')).toMatch(/with probability 1 a trial never ends/)
  })
})

test.each([
  [{ update: { rule: 'adam', eta: 0.1, drift: { form: 'flip', q: 0.1 } } }, /adam/],
  [{ start: { uniform: { low: -1, high: 1 } } }, /uniform/],
  [{ trial: { steps: 10, escape: 'x >= 3 && step > 3' } }, /depends on more than theta: on the step/],
  [{ trial: { steps: 10, warmup: 5, escape: 'x >= 3' } }, /warm-up/],
  [
    {
      landscape: { formula: { dimension: 12, expression: 'sum(i, 1, 12, x[i]^2)' } },
      start: new Array(12).fill(1),
      trial: { steps: 10, escape: 'x[1] >= 3' },
      update: { rule: 'gradient', eta: 0.1, drift: { law: 'rademacher', sigma: 1 } },
    },
    /2\^12 outcomes/,
  ],
])('says why there is no answer: %j', (change, reason) => {
  const spec = { landscape: line('x'), start: [1], update: flip(0.1), trial: { steps: 10, escape: 'x >= 3' } }
  expect(() => ask({ ...spec, ...change })).toThrow(reason)
})
