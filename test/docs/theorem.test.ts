import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { describe, expect, test } from 'vitest'
import { kernelOf } from '../../packages/kernel/src/index.ts'
import { renderTheorem, theoremCell } from '../../packages/report/src/index.ts'
import { parseSweep } from '../../packages/spec/src/index.ts'
import { theorem } from '../../packages/theory/src/index.ts'
import { additiveBounds } from '../../packages/theory/src/theorem/additive.ts'

const page = readFileSync(join(root, 'docs/appendix/proofs.md'), 'utf8')
const explained = readFileSync(join(root, 'docs/understand/theorem-1.md'), 'utf8')
const spec = /```yaml\n([\s\S]*?)```/.exec(explained)![1]!

const isFull = process.env.DRIFTFARM_TEST_TIER === 'full'

/** The losses of the table of certificates, and where trials start. */
const places: Readonly<Record<string, readonly [loss: string, start: string]>> = {
  'double well, x >= 0': ['(x^2 - 1)^2/4', '[-1]'],
  'x^2/2, abs(x) >= 1': ['x^2/2', '[0]'],
  'network, w <= 0.642667249722139555': [
    '((tanh(3*w) + 0.9)^2 + (tanh(0.5*w) - 0.9)^2 + (tanh(0.4*w) - 0.8)^2)/6 + 0.005*w^2',
    '[1.99584875287745391]',
  ],
  'banana, x >= 0': ['(x^2 - 1)^2/4 + (y - x^2)^2/2', '[-1, 1]'],
  'x^2/2 + y^2/2, x^2 + y^2 >= 1': ['x^2/2 + y^2/2', '[0, 0]'],
}

/** The rows under the line that begins with these titles. */
function rows(head: string): readonly (readonly string[])[] {
  const lines = page.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`| ${head}`))
  const end = lines.findIndex((line, i) => i > at && !line.startsWith('|'))
  return lines.slice(at + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((text) => text.trim()),
  )
}

const ask = (...set: readonly (readonly [string, string])[]) => {
  const { cell, tables } = parseSweep(spec, { fileName: 'docs/understand/theorem-1.md', set }).cell(0)
  return theorem(cell, tables, { certificate: false })
}

/** Four digits are printed; from 1 on a bound says nothing and is 1. */
function same(found: number | null, printed: string): void {
  const value = Math.min(1, found ?? Number.NaN)
  expect(Math.abs(value / Number(printed) - 1), `${found} is not ${printed}`).toBeLessThan(1.1e-3)
}

test('the example of theorem-1.md gives what that page shows', async () => {
  const shown = /```text\n(cell 0:[\s\S]*?\n)```/.exec(explained)![1]!
  const { index, id, params, cell, tables } = parseSweep(spec, { fileName: 'docs/understand/theorem-1.md' }).cell(0)
  expect(renderTheorem(theoremCell({ index, id, params }, await theorem(cell, tables), null))).toBe(shown)
})

/** One row in four of a table that takes long, all of them in the full tier. */
const some = <T>(table: readonly T[]): readonly T[] => table.filter((_, i) => isFull || i % 4 === 0)

describe('how loose the bounds are', () => {
  const well = rows('sigma | N | x0')
  test.each(some(well))('double well: sigma %s, N %s, from %s', async (sigma, n, x0, exact, ...bounds) => {
    const answer = await ask(['update.drift.sigma', sigma!], ['trial.steps', n!], ['start', `[${x0}]`])
    const { lower, upper, escape, union, exponential, doob } = answer.bounds!
    ;[lower, upper, escape, union, exponential, doob].forEach((bound, i) => {
      same(bound, bounds[i]!)
    })
    expect(Number(exact)).toBeGreaterThan(lower!)
    expect(Number(exact)).toBeLessThan(upper!)
  })

  const schedules: Readonly<Record<string, readonly [sigma: string, eta: string]>> = {
    '2 0.97^n': ['{exponential: {initial: 2, rate: 0.97}}', '0.1'],
    '0.6 0.97^n': ['{exponential: {initial: 0.6, rate: 0.97}}', '0.1'],
    '0.4': ['0.4', '{power: {initial: 0.2, offset: 20, exponent: 1}}'],
  }
  const annealed = rows('sigma_n | eta_n')
  test.each(some(annealed))(
    'annealed: sigma_n %s, eta_n %s, N %s, D_0 %s',
    async (name, _, n, d0, exact, ...bounds) => {
      const [sigma, eta] = schedules[name!]!
      const answer = await ask(
        ['update.drift.sigma', sigma],
        ['update.eta', eta],
        ['trial.steps', n!],
        ['start', `[${Number(d0) - 1}]`],
      )
      const { lower, upper, escape, exponential } = answer.bounds!
      const { forever } = answer
      ;[lower, upper, escape, exponential, 'reason' in forever ? null : forever.escape].forEach((bound, i) => {
        same(bound, bounds[i]!)
      })
      expect(Number(exact)).toBeGreaterThan(lower!)
      expect(Number(exact)).toBeLessThan(upper!)
    },
  )

  const logistic = rows('sigma | N | measured')
  test.each(logistic)('logistic regression: sigma %s, N %s', (sigma, n, measured, ...bounds) => {
    const chain = (curvature: number) => ({
      dimension: 5,
      rho: () => 1 - 0.3 * curvature,
      scale: () => 0.3 * Number(sigma),
      stationary: true,
    })
    const terms = { holds: true, gaussian: true, subGaussian: true, unitVariance: true, text: '' }
    const { lower, upper, escape, exponential } = additiveBounds(
      terms,
      { radius: 0.6, start: 0, steps: Number(n) },
      { upper: chain(0.35793509636084264), lower: chain(0.6500990297164659), isSilent: false },
    )
    ;[lower, upper, escape, exponential].forEach((bound, i) => {
      same(bound, bounds[i]!)
    })
    const [mean, error] = measured!.split(' ± ').map(Number) as [number, number]
    expect(lower).toBeLessThan(mean + 4 * error)
    expect(upper).toBeGreaterThan(mean - 4 * error)
  })

  const vanishing = rows('eta | sigma | alpha')
  test.each(vanishing)("Theorem 1': eta %s, sigma %s", async (eta, sigma, alpha, ratio, exact, bound) => {
    const answer = await ask(
      ['landscape', '{preset: quadratic}'],
      ['start', `[${ratio}]`],
      ['update', `{rule: gradient, eta: ${eta}, drift: {form: multiplicative, law: gaussian, sigma: ${sigma}}}`],
      ['trial.escape', '{outside: {radius: 1, of: origin}}'],
    )
    expect(answer.vanishing!.alpha).toBeCloseTo(Number(alpha), 6)
    same(answer.vanishing!.escape, bound!)
    expect(Number(exact)).toBeLessThan(answer.vanishing!.escape)
  })

  const certified = rows('loss and escape')
  test.each(certified.filter((_, i) => isFull || i === 3))(
    'Theorem 2: %s, eta %s, sigma %s, %s, N %s',
    async (loss, eta, sigma, law, steps, exact, bound, ratio, closed, ball) => {
      const [landscape, start] = places[loss!]!
      const variables = start === '[-1, 1]' || start === '[0, 0]' ? '[x, y]' : landscape.includes('w') ? '[w]' : '[x]'
      const escape = loss!.slice(loss!.indexOf(',') + 1).trim()
      const drift = `{form: additive, law: ${law}, sigma: ${schedules[sigma!]?.[0] ?? sigma}}`
      const set = [
        ['landscape', `{formula: {variables: ${variables}, expression: "${landscape}"}}`],
        ['start', start],
        ['update', `{rule: gradient, eta: ${eta}, drift: ${drift}}`],
        ['trial', `{steps: ${steps}, escape: "${escape}"}`],
      ] as const
      const { cell, tables } = parseSweep(spec, { fileName: 'docs/understand/theorem-1.md', set }).cell(0)
      const { certificate, bounds } = await theorem(cell, tables)
      if ('reason' in certificate) throw new Error(certificate.reason)
      same(certificate.escape, bound!)
      expect(certificate.escape).toBeGreaterThan(Number(exact) * (1 - 6e-4))
      expect(Number(bound) / Number(exact) / Number(ratio)).toBeCloseTo(1, 2)
      if (closed !== '-') same(certificate.explicit!.escape, closed!)
      if (ball !== '-') same(bounds!.escape, ball!)
    },
  )

  const heavy = rows('beta | r | sigma')
  test.each(some(heavy))(
    'momentum: beta %s, r %s, sigma %s, N %s',
    async (beta, r, sigma, n, rho, exact, ...bounds) => {
      const answer = await ask(
        [
          'update',
          `{rule: momentum, beta: ${beta}, eta: 0.1, drift: {form: additive, law: gaussian, sigma: ${sigma}}}`,
        ],
        ['trial.escape.outside.radius', r!],
        ['trial.steps', n!],
      )
      expect(answer.statement).toBe('momentum')
      const { exponential, doob } = answer.bounds!
      same(exponential, bounds[0]!)
      same(doob ?? 1, bounds[1]!)
      expect(answer.conditions[1]!.numbers.rho!).toBeCloseTo(Number(rho), 3)
      expect(Number(exact)).toBeLessThan(exponential!)
    },
  )

  const samples = {
    squares: {
      variables: ['w'],
      expression: '(y - w*x)^2/2',
      data: { columns: { x: [1, 0.6, -0.8, 1.2], y: [1.2, 0.4, -0.9, 1] } },
    },
    logistic: {
      variables: ['a', 'b'],
      expression: 'softplus(-s*(a*u + b*v)) + 0.2*(a^2 + b^2)',
      data: {
        columns: {
          u: [1, 0.3, -0.8, 0.5, -1, 0.2],
          v: [0.5, -1, 0.2, 1.2, -0.4, -0.7],
          s: [1, -1, -1, 1, -1, 1],
        },
      },
    },
  }
  const minima = { squares: [0.9767441860465116], logistic: [0.4892201598519283, 0.3081617528409146] }
  const batches = rows('loss | B | r')
  test.each(isFull ? batches : batches.slice(0, 1))(
    'minibatches: %s, B %s, r %s',
    async (name, size, r, m, v, measured, ...bounds) => {
      const loss = name as keyof typeof samples
      const point = minima[loss]
      const { cell, tables } = parseSweep(
        JSON.stringify({
          version: 1,
          name,
          seed: 1,
          landscape: { formula: { ...samples[loss], batch: Number(size) } },
          start: point,
          update: { rule: 'gradient', eta: loss === 'squares' ? 0.3 : 0.5 },
          trial: { steps: 100, escape: { outside: { radius: Number(r), of: point } } },
          trials: 1,
        }),
        { fileName: 'docs/appendix/proofs.md' },
      ).cell(0)
      const answer = await theorem(cell, tables, { certificate: false })
      const { M, variance } = answer.conditions[2]!.numbers
      same(M!, m!)
      same(variance!, v!)
      same(answer.bounds!.exponential, bounds[0]!)
      same(answer.bounds!.doob, bounds[1]!)
      const [mean] = measured!.split(' ± ').map(Number) as [number]
      const { tally } = (await kernelOf(cell, tables)).run(0, 200_000, { keep: false, horizons: [] })
      expect(tally.escaped / 200_000).toBe(mean)
      expect(mean).toBeLessThan(answer.bounds!.exponential!)
    },
  )

  test('every table is there', () => {
    const tables = [well, annealed, logistic, vanishing, certified, heavy, batches]
    expect(tables.map((table) => table.length)).toEqual([7, 4, 4, 6, 12, 12, 7])
  })
})
