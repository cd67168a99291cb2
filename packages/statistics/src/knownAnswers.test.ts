import { describe, expect, it, test } from 'vitest'
import { inverseBinomialAt, poissonAt } from './interval/fixedSize.ts'
import { betaBinomialLimits } from './interval/sequence.ts'

/** Answers that were computed elsewhere, to nine digits at least. */
const near = (value: number) => expect.closeTo(value, 12)
const relative = (found: number, value: number) => Math.abs(found / value - 1)

describe('limits where the k-th event ended the trials (SciPy)', () => {
  it.each([
    [5, 100, 0.04040404040404041, 0.016431879182052155, 0.10022790656874934],
    [10, 100_000, 9.000090000900009e-5, 4.7954895139011426e-5, 0.00017084283655313776],
    [100, 1_234_567, 8.019012349279017e-5, 6.590535176730912e-5, 9.762774676959727e-5],
  ])('%i of %i', (k, n, value, low, high) => {
    const limits = inverseBinomialAt(k, n, 0.05)
    expect(relative((k - 1) / (n - 1), value)).toBeLessThan(1e-14)
    expect(relative(limits.low, low)).toBeLessThan(1e-9)
    expect(relative(limits.high, high)).toBeLessThan(1e-9)
  })
})

describe('the mixture of Robbins at 95 % (SciPy)', () => {
  it.each([
    [0, 10, 0, 0.41688027565653607],
    [0, 100, 0, 0.0732843734028999],
    [5, 1000, 0.00038908684594728815, 0.019979021313712212],
    [50, 100, 0.34459026927787906, 0.6554097307221209],
    [500, 1000, 0.444385329742516, 0.555614670257484],
    [20, 1_000_000, 4.483472024916189e-6, 5.4403682390068064e-5],
  ])('%i of %i', (k, n, low, high) => {
    const limits = betaBinomialLimits(k, n, 0.05)
    expect(low === 0 ? limits.low : relative(limits.low, low)).toBeLessThan(1e-9)
    expect(relative(limits.high, high)).toBeLessThan(1e-9)
  })
})

describe('limits of a rate from d events in time T (R: chi-square quantiles)', () => {
  it.each([
    [0, 1000, 0, 0.003688879454113935],
    [1, 1000, 2.5317807984289875e-5, 0.005571643390938898],
    [10, 1000, 0.004795388696132433, 0.018390356042017778],
    [100, 12_345, 0.0065908457878431055, 0.009852312174356127],
  ])('%i in %i', (d, time, low, high) => {
    const limits = poissonAt(d, 0.05)
    expect(low === 0 ? limits.low : relative(limits.low / time, low)).toBeLessThan(1e-9)
    expect(relative(limits.high / time, high)).toBeLessThan(1e-9)
  })
})

interface Time {
  readonly at: number
  readonly event: boolean
}

/** Kaplan and Meier (1958) with Greenwood's standard error, at each time of an event. */
function kaplanMeier(times: readonly Time[]): { at: number; survival: number; error: number }[] {
  const events = [...new Set(times.filter(({ event }) => event).map(({ at }) => at))].sort((a, b) => a - b)
  let [survival, sum] = [1, 0]
  return events.map((at) => {
    const atRisk = times.filter((time) => time.at >= at).length
    const died = times.filter((time) => time.at === at && time.event).length
    survival *= 1 - died / atRisk
    sum += died / (atRisk * (atRisk - died))
    return { at, survival, error: survival * Math.sqrt(sum) }
  })
}

test('Kaplan and Meier of the leukaemia trial, as survfit of R prints it', () => {
  const written = '9 13 13+ 18 23 28+ 31 34 45+ 48 161+'
  const times = written.split(' ').map((text) => ({ at: Number.parseInt(text, 10), event: !text.endsWith('+') }))
  const curve = kaplanMeier(times)
  expect(curve.map(({ survival }) => survival)).toEqual(
    [10 / 11, 9 / 11, 63 / 88, 27 / 44, 27 / 55, 81 / 220, 81 / 440].map(near),
  )
  expect(curve.map(({ error }) => error)).toEqual(
    [
      0.08667841720414475, 0.11629129983033298, 0.13966497055722782, 0.15263233102731202, 0.1641932672211358,
      0.1626688858270948, 0.15349274578629368,
    ].map(near),
  )
})

test('with one horizon for all it is the share that is left, with Greenwood’s error that of a binomial', () => {
  const times = Array.from({ length: 200 }, (_, i) =>
    i < 60 ? { at: 1 + ((7 * i) % 50), event: true } : { at: 100, event: false },
  )
  for (const { at, survival, error } of kaplanMeier(times)) {
    const left = times.filter((time) => !(time.event && time.at <= at)).length / times.length
    expect(survival).toBeCloseTo(left, 12)
    expect(error).toBeCloseTo(Math.sqrt((left * (1 - left)) / times.length), 12)
  }
})
