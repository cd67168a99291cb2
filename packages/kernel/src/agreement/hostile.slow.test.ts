import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { decodeOutcome, kernelOf, runReference } from '../index.ts'
import { hostileSpec, hostileSpecs } from './hostile.fixture.ts'

/**
 * What a spec comes to: the end of its first trial, or the error that refuses it. `checked` against the reference.
 * Without `checksMinima`, trials also run where the spec would be refused because the loss at the start is not finite.
 */
async function fate(spec: unknown, { checked = true, checksMinima = true } = {}): Promise<string> {
  try {
    const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'hostile.json', checksMinima }).cell(0)
    const kernel = await kernelOf(cell, tables)
    const { records, digest } = kernel.run(0, 4, { keep: true, horizons: [] })
    if (checked) expect(digest).toBe(runReference(cell, 0, 4, { horizons: [], tables }).digest)
    return decodeOutcome(records!, kernel.layout, 0).end
  } catch (error) {
    if (error instanceof Error && /^(Spec|Formula|Kernel)Error$/.test(error.name)) return error.name
    throw error
  }
}

/** Millions of terms a step, which the reference adds up one by one for a minute. */
const tooLongForTheReference = /million terms|10,000 coordinates|5,000 coordinates|20 and 60 units/

const written = ['a network of 8 and 16 units as a formula', 'a sum of 9,800 nodes', '1,400 coordinates, squares']

// Each has a minute on a slow machine, where a hang is told from a second or two; `npm run bench compiling` has the
// times.
describe('a hostile spec ends as an error or as an outcome', { timeout: 60_000 }, () => {
  test.each(Object.keys(hostileSpecs))('%s', async (name) => {
    const end = await fate(hostileSpecs[name]!(), { checked: !tooLongForTheReference.test(name) })
    expect(end).toMatch(/^(Spec|Formula|Kernel)Error$|^(escaped|converged|diverged|undecided)$/)
  })

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
    const spec = hostileSpec(expression, { update: { eta: 0.1 } })
    expect(await fate(spec, { checksMinima: false })).toBe(end)
    expect(await fate(spec)).toBe('SpecError')
  })

  test('what people write runs: a network as a formula, a sum of 1,000 terms, 1,000 coordinates', async () => {
    for (const name of written) {
      expect(await fate(hostileSpecs[name]!()), name).toMatch(/ed$/)
    }
  })
})
