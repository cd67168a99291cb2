import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { compile, decodeOutcome, Kernel, prepare, runReference } from './index.ts'

/** What an expression comes to: the end of its first trial, or the error that refuses it. */
async function fate(expression: string, shape: Record<string, unknown> = { variables: ['x'] }): Promise<string> {
  const dimension = Number(shape.dimension ?? (shape.variables as string[]).length)
  const spec = {
    version: 1,
    name: 'hostile',
    landscape: { formula: { ...shape, expression } },
    start: new Array(dimension).fill(0.5),
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 5, escape: 'loss > 1e9' },
    trials: 4,
  }
  try {
    const { cell } = parseSweep(JSON.stringify(spec), { fileName: 'hostile.json' }).cell(0)
    const prepared = prepare(cell)
    const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
    const { records, digest } = kernel.run(0, 4, { keep: true, horizons: [] })
    expect(digest).toBe(runReference(cell, 0, 4, { horizons: [] }).digest)
    return decodeOutcome(records!, prepared.layout, 0).end
  } catch (error) {
    if (error instanceof Error && /^(Spec|Formula|Kernel)Error$/.test(error.name)) return error.name
    throw error
  }
}

const nest = (times: number, around: (inside: string) => string, inside = 'x') =>
  Array.from({ length: times }).reduce<string>((text) => around(text), inside)
const sum = (terms: number, term: (i: number) => string) => Array.from({ length: terms }, (_, i) => term(i)).join('+')
const names = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`)

// Each has a minute on a slow machine, where a hang is told from a second or two; `npm run bench compiling` has the times.
describe('a hostile formula ends as an error or as an outcome', { timeout: 60_000 }, () => {
  test.each([
    // A loss that is infinite is above every bound; one that is NaN is in no event. theta stays finite.
    ['1/(x - x)', 'escaped'],
    ['x + 1/0', 'escaped'],
    ['log(-1 - x^2)', 'undecided'],
    ['acos(2 + x^2)', 'diverged'],
    ['exp(exp(exp(x + 3)))', 'diverged'],
    ['(x - x)^(-1)', 'escaped'],
    ['1e308*x*1e308', 'diverged'],
    ['sqrt(-1 - x^2)', 'diverged'],
  ])('domain: %s', async (expression, end) => {
    expect(await fate(expression)).toBe(end)
  })

  test.each<[string, string]>([
    ['exp in exp', nest(200, (inside) => `exp(${inside})`)],
    ['sin in sin', nest(240, (inside) => `sin(${inside})`)],
    ['continued fraction', nest(200, (inside) => `1/(x + ${inside})`)],
    ['power of power', nest(200, (inside) => `(${inside})^x`)],
    ['nearly 10,000 nodes in a sum', sum(1200, (i) => `sin(${i + 1}*x)*x`)],
    ['a product of 2,000 factors', Array.from({ length: 2000 }, (_, i) => `(x + ${i})`).join('*')],
    ['a square of a square', nest(11, (inside) => `(${inside})*(${inside} + 1)`)],
    ['brackets', `${'('.repeat(100_000)}x${')'.repeat(100_000)}`],
    ['signs', `${'-'.repeat(50_000)}x`],
    ['more than 10,000 nodes', sum(4000, (i) => `${i}*x`)],
  ])('size: %s', async (_, expression) => {
    expect(['SpecError', 'FormulaError', 'KernelError', 'escaped', 'diverged', 'undecided']).toContain(
      await fate(expression),
    )
  })

  test('a thousand coordinates of their own names', async () => {
    const variables = names(1000)
    expect(
      await fate(
        sum(1000, (i) => `v${i}*v${(7 * i + 1) % 1000}`),
        { variables },
      ),
    ).toMatch(/Error|ed$/)
    expect(await fate(variables.join('*'), { variables })).toMatch(/Error|ed$/)
  })

  test('sums in sums', async () => {
    const cubes = 'sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, sin(x[i]*x[j]*x[k]))))'
    expect(await fate(cubes, { dimension: 20 })).toMatch(/ed$/)
    const quartics = 'sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, sum(l, 1, d, x[i]*x[j]*x[k]*x[l]))))'
    expect(await fate(quartics, { dimension: 300 })).toMatch(/Error$/)
    expect(await fate('prod(i, 1, d, prod(j, 1, d, 1 + x[i]*x[j]))', { dimension: 20 })).toMatch(/Error|ed$/)
  })
})
