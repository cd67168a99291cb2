import { readFileSync } from 'node:fs'
import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import type { ExactAnswer, OracleAnswer } from '../shapes/oracle.ts'
import { type OracleOptions, oracle } from './oracle.ts'
import { informativeAnswers } from './resolved.ts'

interface Row {
  readonly section: string
  readonly fast: boolean
  readonly name: string
  readonly value: number
  readonly spec: object
}
const { rows } = JSON.parse(readFileSync(new URL('../fixtures/exact.json', import.meta.url), 'utf8')) as {
  rows: readonly Row[]
}

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

function ask(spec: object, options?: OracleOptions): OracleAnswer {
  const text = JSON.stringify({ version: 1, name: 'exact', trials: 1, ...spec })
  const { cell, tables } = parseSweep(text, { fileName: 'exact' }).cell(0)
  const found = oracle(cell, tables, options)
  if ('reason' in found) throw new Error(found.reason)
  return found
}

function answer({ answers, missing }: OracleAnswer, name: string): ExactAnswer {
  const found = answers.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}: ${JSON.stringify(missing)}`)
  return found
}

/** Planes cost the fourth power of their density, so they are in the full tier. */
const taken = rows.filter(({ fast, section }) => full || (fast && section !== 'three-hole'))

for (const section of new Set(taken.map((row) => row.section)))
  describe(section, () => {
    const cells = new Map<string, Row[]>()
    for (const row of taken) {
      if (row.section !== section) continue
      const key = JSON.stringify(row.spec)
      cells.set(key, [...(cells.get(key) ?? []), row])
    }
    test.each([...cells.values()].map((requested) => ({ asked: requested, first: requested[0]! })))(
      '$first.name = $first.value',
      ({ asked: requested, first }) => {
        const found = ask(first.spec)
        for (const { name, value } of requested) {
          const { value: computed, error } = answer(found, name)
          expect(Math.abs(computed / value - 1), `${name}: ${computed}, exact ${value}`).toBeLessThan(1e-8)
          // What it says of itself is no less than what is wrong, but for the digits of the exact values.
          expect(Math.abs(computed / value - 1)).toBeLessThan(Math.max(error * 10, 1e-9))
        }
      },
      // A plane takes a minute, on a busy machine some.
      900_000,
    )
  })

const well = (trial: object, drift: object = { sigma: 1 }, more: object = {}): object => ({
  landscape: { preset: 'double-well' },
  start: [-1],
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', ...drift } },
  trial,
  ...more,
})

describe('what belongs together', () => {
  test('negative control: too few nodes say so', () => {
    const coarse = ask(well({ steps: 100, escape: 'x >= 0' }, { sigma: 0.5 }), { density: 0.25, rounds: 2 })
    const { value, error, reason } = answer(coarse, 'escape')
    expect(error).toBeGreaterThan(1e-4)
    expect(reason).toMatch(/^the last two resolutions differ by this much; /)
    expect(Math.abs(value / 5.5129045390569635e-9 - 1)).toBeGreaterThan(1e-7)
    expect(answer(ask(well({ steps: 100, escape: 'x >= 0' }), { rounds: 1 }), 'escape').error).toBe(1)
  })

  if (full)
    test('what may be off by more than itself is no answer, and says why', () => {
      const inside = { steps: 40, escape: 'x >= 0 && x <= 0.5' }
      const jumping = ask(well(inside, { law: 'cauchy', sigma: 0.3 }), { rounds: 2 })
      const reasons = new Map(jumping.missing.map(({ name, reason }) => [name, reason]))
      expect([...reasons.keys()]).toEqual(['escape', 'undecided', 'firstExit', 'meanExitStep'])
      for (const reason of reasons.values())
        expect(reason).toMatch(/may be off by .*: jumps of the cauchy distribution leave the computed region/)
      expect(jumping.answers.map(({ name }) => name)).toEqual(['diverge', 'rate'])
      // What lies on one side alone is lost by no jump beyond it.
      const beyond = ask(well({ steps: 40, escape: 'abs(x + 1) >= 1' }, { law: 'cauchy', sigma: 0.3 }))
      expect(answer(beyond, 'escape').error).toBeLessThan(1e-6)
      expect(answer(beyond, 'escape')).not.toHaveProperty('reason')
    })

  test('so are answers of other ways than quadrature in a box', () => {
    const found = ask(well({ steps: 10, escape: 'x >= 0' }))
    const answers = [
      { name: 'escape', value: 0.1, error: 0.5, method: 'radial-nystrom' },
      { name: 'undecided', value: 1e-50, error: 8e24, method: 'radial-nystrom' },
      { name: 'diverge', value: 0, error: 1e-20, method: 'finite' },
    ] as const
    expect(informativeAnswers({ ...found, answers, missing: [] }, 'a reason')).toMatchObject({
      answers: [{ name: 'escape' }, { name: 'diverge' }],
      missing: [{ name: 'undecided', reason: 'the result 1e-50 may be off by 8e+24 times its value: a reason' }],
    })
  })

  test('horizons are those of shorter trials, and all ends add up to 1', () => {
    const trial = { escape: 'x >= 0', converge: { within: 0.1, of: [-1], hold: 3 } }
    const from = { start: [-0.2] }
    const found = ask(well({ steps: 60, ...trial }, { sigma: 1 }, from), { horizons: [5, 20] })
    for (const horizon of [5, 20]) {
      const short = ask(well({ steps: horizon, ...trial }, { sigma: 1 }, from))
      for (const name of ['escape', 'converge']) {
        const { value } = answer(short, name)
        expect(value).toBeGreaterThan(0)
        expect(Math.abs(answer(found, `${name}@${horizon}`).value / value - 1)).toBeLessThan(1e-10)
      }
    }
    const sum = ['escape', 'converge', 'undecided', 'diverge'].reduce((all, name) => all + answer(found, name).value, 0)
    expect(Math.abs(sum - 1)).toBeLessThan(1e-10)
  })

  test('a hold of one more step converges later, and of one is none', () => {
    const converging = (hold: number) =>
      answer(ask(well({ steps: 60, converge: { within: 0.1, of: [-1], hold } })), 'converge').value
    const values = [1, 2, 3].map(converging)
    expect(values[0]).toBeGreaterThan(values[1]!)
    expect(values[1]).toBeGreaterThan(values[2]!)
    // The first of the steps is outside the ball, or all that are asked are inside it.
    const two = ask(well({ steps: 2, converge: { within: 0.1, of: [-1], hold: 2 } }))
    expect(answer(two, 'converge').value).toBeGreaterThan(0.3)
  })

  test('escape goes on where it does not stop a trial', () => {
    const stop = ask(well({ steps: 100, escape: 'x >= 0' }))
    const go = ask(well({ steps: 100, escape: 'x >= 0', afterEscape: 'continue', converge: { within: 0.1, of: [1] } }))
    expect(answer(go, 'escape').value).toBeLessThan(answer(stop, 'escape').value * (1 + 1e-9))
    expect(answer(go, 'converge').value).toBeGreaterThan(0.3 * answer(go, 'escape').value)
    expect(answer(stop, 'firstExit').value).toBeCloseTo(1, 9)
  })

  if (full)
    test('in a plane where only one coordinate can leave all is as on its line, however rare', () => {
      const bowl = (variables: readonly string[]) => ({
        landscape: { formula: { variables, expression: variables.map((x) => `${x}^2/2`).join(' + ') } },
        start: variables.map(() => 0),
        update: { rule: 'gradient', eta: 0.9, drift: { form: 'additive', law: 'gaussian', temperature: 0.04 } },
        trial: { steps: 3, escape: 'x >= 2.4' },
      })
      const sizes: number[] = []
      const onSize = ({ states }: { readonly states: number }) => sizes.push(states)
      const line = ask(bowl(['x']), { onSize })
      expect(sizes).toEqual([])
      const plane = ask(bowl(['x', 'y']), { onSize })
      // Each resolution is told of before it is computed.
      expect(sizes.length).toBeGreaterThan(1)
      expect(sizes.every((size, i) => i === 0 || size > sizes[i - 1]!)).toBe(true)
      for (const name of ['escape', 'meanExitStep', 'rate']) {
        const { value, error } = answer(plane, name)
        const onLine = answer(line, name)
        const off = Math.abs(value / onLine.value - 1)
        expect(off, name).toBeLessThan(1e-10)
        // Either may be off by as much as it says.
        expect(off, name).toBeLessThan(Math.max(error + onLine.error, 1e-12))
      }
      expect(answer(plane, 'rate').method).toBe('nystrom-aggregation')
      // About as rare as a jump of nine scales: a reach that is the same for all cells would show.
      expect(answer(plane, 'rate').value).toBeLessThan(1e-17)
    })

  if (full)
    test('what is undecided in a plane falls by the rate, once it has settled', () => {
      const temperature = 0.5988023952095809
      const found = ask(
        {
          landscape: { preset: 'three-hole' },
          start: { minimum: 'left' },
          update: { rule: 'gradient', eta: 0.05, drift: { form: 'additive', law: 'gaussian', temperature } },
          trial: { steps: 600, escape: 'x >= 0' },
        },
        { horizons: [599] },
      )
      const fall = (1 - answer(found, 'escape').value) / (1 - answer(found, 'escape@599').value)
      const { value, error } = answer(found, 'rate')
      expect(Math.abs((1 - fall) / value - 1)).toBeLessThan(1e-11)
      expect(error).toBeLessThan(1e-9)
    }, 300_000)

  if (full)
    test('laws with a kink have less digits, and know it', () => {
      const { value, error } = answer(
        ask(well({ steps: 100, escape: 'x >= 0' }, { sigma: 1, law: 'laplace' })),
        'escape',
      )
      // Heavier tails than the normal law of the same variance.
      expect(value).toBeGreaterThan(0.0194905512996896)
      expect(error).toBeLessThan(1e-7)
    })

  test('jumps beyond the box are told where trials end there', () => {
    const found = ask(well({ steps: 50, escape: 'abs(x + 1) >= 1' }, { sigma: 0.3, law: 'cauchy' }), { horizons: [1] })
    // From the minimum one step is 0.03 C.
    expect(Math.abs(answer(found, 'escape@1').value / ((2 * Math.atan(0.03)) / Math.PI) - 1)).toBeLessThan(1e-12)
    for (const name of ['escape', 'meanExitStep', 'rate']) expect(answer(found, name).error, name).toBeLessThan(1e-10)
  })

  test.each([
    [{ update: { rule: 'adam', eta: 0.1 } }, /adam/],
    [{ start: { uniform: { low: -1, high: 1 } } }, /uniform/],
    [{ landscape: { preset: 'quadratic', dimension: 3 }, start: [0, 0, 0], trial: { steps: 10 } }, /dimension 3/],
    [{ trial: { steps: 10, escape: 'x >= 0 && step > 3' } }, /depends on more than theta: on the step/],
  ])('says why there is no answer: %j', (change, reason) => {
    expect(() => ask({ ...(well({ steps: 10, escape: 'x >= 0' }) as object), ...change })).toThrow(reason)
  })
})
