import { parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import type { OracleAnswer } from '../shapes/oracle.ts'
import { radial } from './chain.fixture.ts'
import quadratic from './fixtures/quadratic-ball.json'
import { radialEver } from './survival.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

interface Written {
  readonly dimension: number
  readonly eta?: number
  readonly sigma?: number
  readonly start?: number
  readonly steps?: number
}

function ask(
  { dimension, eta = 0.1, sigma = 1, start = 0, steps = 10 }: Written,
  more: Readonly<Record<string, unknown>> = {},
  horizons: readonly number[] = [],
): OracleAnswer {
  const first = new Array(dimension).fill(0)
  first[0] = start
  const spec = {
    version: 1,
    name: 'ball',
    landscape: { preset: 'quadratic', dimension, parameters: { h: 1 } },
    start: first,
    update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } },
    trial: { steps, escape: { outside: { radius: 1, of: new Array(dimension).fill(0) } } },
    trials: 1,
    ...more,
  }
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'ball' }).cell(0)
  const found = oracle(cell, tables, { horizons })
  if ('reason' in found) throw new Error(found.reason)
  return found
}

function valueOf(found: OracleAnswer, name: string): number {
  const answer = found.answers.find((one) => one.name === name)
  if (answer === undefined) throw new Error(`no ${name}: ${JSON.stringify(found.missing)}`)
  return answer.value
}

describe('an isotropic quadratic in a ball, in three dimensions and more', () => {
  const high = quadratic.rows.filter(({ dimension }) => dimension > 2)
  // Each of these is asked of the chain itself beside it; what is of the oracle alone needs no more than a few.
  it.each(high.filter((_, i) => full || i % 3 === 0))(
    '$dimension dimensions, sigma $sigma, from $start within $steps',
    ({ exit, ...row }) => {
      const found = ask(row)
      expect(Math.abs(valueOf(found, 'escape') / exit - 1)).toBeLessThan(1e-8)
      expect(Math.abs(valueOf(found, 'undecided') / (1 - exit) - 1)).toBeLessThan(1e-8)
      for (const { error } of found.answers) expect(error).toBeLessThan(1e-9)
    },
  )

  const means = quadratic.means.filter(({ dimension }) => dimension > 2)
  it.each(means)('$dimension dimensions, sigma $sigma, from $start: mean $meanExit', ({ meanExit, ...row }) => {
    expect(Math.abs(valueOf(ask(row), 'meanExitStep') / meanExit - 1)).toBeLessThan(1e-8)
  })

  it('has the shorter horizons and the rate', () => {
    const { dimension, eta, sigma, start, exit } = high.find(({ steps }) => steps === 10)!
    const found = ask({ dimension, eta, sigma, start, steps: 50 }, {}, [10, 50])
    expect(found.answers.map(({ name }) => name)).toEqual(['escape@10', 'escape', 'undecided', 'meanExitStep', 'rate'])
    expect(Math.abs(valueOf(found, 'escape@10') / exit - 1)).toBeLessThan(1e-8)
    expect(found.missing).toEqual([])
    expect(valueOf(found, 'rate')).toBeLessThan(1)
    expect(found.chain).toMatchObject({ dimension, law: 'gaussian', eta, scale: eta * sigma })
  })
})

it('a schedule of steps that are all the same is the chain of such steps', () => {
  const written = { dimension: 4, sigma: 0.8, steps: 20 }
  const piecewise = {
    piecewise: [
      [0, 0.1],
      [7, 0.1],
    ],
  }
  const drift = { form: 'additive', law: 'gaussian', sigma: 0.8 }
  const each = ask(written, { update: { rule: 'gradient', eta: piecewise, drift } })
  expect(Math.abs(valueOf(each, 'escape') / valueOf(ask(written), 'escape') - 1)).toBeLessThan(1e-11)
  expect(each.missing.map(({ name }) => name)).toEqual(['meanExitStep', 'rate'])
})

it.each([0.7, 1, 2])('on a line its rate is what quadrature over the line says, sigma %d', (sigma) => {
  const line = ask({ dimension: 1, sigma })
  expect(line.answers.find(({ name }) => name === 'rate')!.method).toBe('nystrom-gth')
  const { rate } = radialEver(...radial({ dimension: 1, rho: 0.9, scale: 0.1 * sigma, radius: 1, start: 0 }))
  expect(Math.abs(rate / valueOf(line, 'rate') - 1)).toBeLessThan(1e-11)
})

it('in a plane a schedule is answered by it as well', () => {
  const eta = {
    piecewise: [
      [0, 0.1],
      [5, 0.05],
    ],
  }
  const drift = { form: 'additive', law: 'gaussian', sigma: 1 }
  const { answers, missing } = ask({ dimension: 2 }, { update: { rule: 'gradient', eta, drift } })
  expect(answers.map(({ method }) => method)).toEqual(['radial-nystrom', 'radial-nystrom'])
  expect(missing.map(({ name }) => name)).toEqual(['meanExitStep', 'rate'])
})

if (full) {
  it('in a plane it is what quadrature over the plane says, where a mark asks for that', () => {
    const trial = { steps: 10, escape: { outside: { radius: 1, of: [0, 0] } } }
    const written = { dimension: 2, sigma: 1.5 }
    const radial = ask(written, { trial })
    const plane = ask(written, { trial: { ...trial, marks: { far: 'x[1] >= 0.9' } } })
    expect(radial.answers[0]!.method).toBe('radial-nystrom')
    expect(plane.answers[0]!.method).toBe('nystrom')
    for (const name of ['escape', 'undecided', 'meanExitStep', 'rate'])
      expect(Math.abs(valueOf(plane, name) / valueOf(radial, name) - 1)).toBeLessThan(1e-10)
  }, 300_000)
}

it.each([
  [{ trial: { steps: 10 } }, /not `outside` a ball/],
  [{ trial: { steps: 10, escape: { outside: { radius: 1, of: [0.1, 0, 0] } } } }, /not centred on the minimum/],
  [{ trial: { steps: 10, escape: { outside: { radius: 200, of: [0, 0, 0] } }, divergence: 100 } }, /divergence limit/],
  [{ landscape: { preset: 'styblinski-tang', dimension: 3 } }, /quadratic/],
  [{ start: [2, 0, 0] }, /start is outside the ball/],
  [
    { update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'student', nu: 3, sigma: 1 } } },
    /student, not gaussian/,
  ],
])('says why there is no answer in three dimensions: %j', (more, reason) => {
  expect(() => ask({ dimension: 3 }, more)).toThrow(reason)
})
