import { zeroTally } from '@driftfarm/kernel'
import { describe, expect, it } from 'vitest'
import type { Estimate } from '../estimate/estimate.ts'
import { estimatesOf } from '../estimate/estimatesOf.ts'
import { demand, plainLayout } from '../fixtures/samples.ts'
import { tallyOfValues, weightLayout } from '../fixtures/values.ts'
import { agreement } from './agreement.ts'
import { type Believed, checksOf } from './checksOf.ts'

const trial = {
  escape: { kind: 'exits', exits: [['', 'x >= 0']] },
  converge: null,
  quench: null,
  afterEscape: 'stop',
  afterConverge: 'stop',
} as const
const competing = { ...trial, converge: { kind: 'when', when: 'x < -1', hold: 1 } } as const

function cell(
  ends: readonly [number, number, number, number],
  more: Partial<Believed> = {},
  events: object = trial,
): Believed {
  const trials = ends.reduce((sum, count) => sum + count, 0)
  const tally = { ...zeroTally(plainLayout, []), trials, ends, escaped: ends[0], exits: [ends[0]] }
  const estimates = estimatesOf(
    tally,
    plainLayout,
    { ...demand, estimates: ['escape'] },
    { kind: 'fixed', trial: events as never },
  )
  return { tally, estimates, ended: 'trials', horizon: 1000, ...more }
}

const doubts = (believed: Believed) =>
  checksOf(believed)
    .filter(({ verdict }) => verdict !== 'good')
    .map(({ name, verdict }) => `${name} ${verdict}`)

describe('should I believe this?', () => {
  it('yes, where nothing speaks against it', () => {
    const checks = checksOf(cell([300, 0, 0, 9700]))
    expect(checks.map(({ name }) => name)).toEqual(['events', 'interval', 'horizon', 'diverged', 'stop'])
    expect(doubts(cell([300, 0, 0, 9700]))).toEqual([])
    expect(checks[0]!.text).toMatch(/^300 of 10000 trials have escape: half-width 1[12] % of the probability$/)
  })

  it('writes shares above one as people do', () => {
    expect(checksOf(cell([1, 0, 0, 9999]))[0]!.text).toMatch(
      /^1 of 10000 trials have escape: half-width [12]\d0 % of the/,
    )
  })

  it.each([
    ['few events', cell([3, 0, 0, 997]), ['events doubtful']],
    ['none', cell([0, 0, 0, 1000]), ['events doubtful']],
    ['few without', cell([995, 0, 0, 5]), ['events doubtful']],
    ['a first exit needs no end', cell([50, 0, 0, 950]), []],
    ['an exit before converging does', cell([50, 850, 0, 100], {}, competing), ['horizon doubtful']],
    ['some diverged', cell([50, 0, 1, 949]), ['diverged doubtful']],
    ['most diverged', cell([50, 0, 900, 50]), ['diverged bad']],
    ['still running', cell([50, 0, 0, 950], { ended: null }), ['stop doubtful']],
    ['no rule met', cell([50, 0, 0, 950], { ended: 'max' }), ['stop doubtful']],
    ['out of budget', cell([50, 0, 0, 950], { ended: 'budget' }), ['stop doubtful']],
  ])('%s', (_, believed, expected) => {
    expect(doubts(believed)).toEqual(expected)
  })

  it('says nothing of no trials', () => {
    expect(checksOf(cell([0, 0, 0, 0]))).toEqual([])
  })

  it.each([
    ['of an original share', 0.1, 'interval good', 'spread doubtful'],
    ['without one', 0, 'interval bad', 'spread doubtful'],
  ])('of a tilt without an escape: %s', (_, original, ...expected) => {
    const tally = tallyOfValues(new Array(100).fill(0), weightLayout)
    const estimates = estimatesOf(tally, weightLayout, demand, { kind: 'fixed', original })
    const checks = checksOf(cell([0, 0, 0, 100], { tally, estimates }))
    const found = checks.map(({ name, verdict }) => `${name} ${verdict}`)
    expect(found).toEqual([expected[0], 'stop good', expected[1]])
    expect(checks.at(-1)!.text).toContain('no trial of 100 escaped')
  })

  it('asks replicas for their spread, not for events', () => {
    const replicas = { count: 64, extinct: 0, relativeVariance: 3, largestShare: 0.4, levels: 100, ladder: [] }
    const escape: Estimate = {
      value: 1e-9,
      low: 5e-10,
      high: 1.5e-9,
      confidence: 0.95,
      method: 'replicas',
      events: 64,
      replicas,
    }
    const tally = tallyOfValues(new Array(64).fill(1e-9))
    expect(doubts(cell([64, 0, 0, 0], { tally, estimates: { escape } }))).toEqual(['spread doubtful'])
    const near = { ...escape, replicas: { ...replicas, relativeVariance: 0.1, largestShare: 0.02 } }
    const checks = checksOf(cell([64, 0, 0, 0], { tally, estimates: { escape: near } }))
    // Of how its particles ended a replica says nothing.
    expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['interval', 'good'],
      ['stop', 'good'],
      ['spread', 'good'],
    ])
  })

  it('asks no count of events of a cell of replicas whose exits alone were asked for', () => {
    const tally = tallyOfValues(new Array(64).fill(1e-9))
    const exit: Estimate = { value: 1e-9, low: 1e-10, high: 2e-9, confidence: 0.95, method: 'replicas', events: 3 }
    expect(doubts(cell([64, 0, 0, 0], { tally, estimates: { 'exit:up': exit } }))).toEqual([])
  })
})

describe('agreement of two methods', () => {
  const at = (value: number, half: number): Estimate => ({
    value,
    low: value - half,
    high: value + half,
    confidence: 0.95,
    method: 'x',
    events: 1,
  })

  it('holds within the noise of both', () => {
    expect(agreement(at(0.01, 0.002), at(0.012, 0.002), ['direct', 'splitting']).verdict).toBe('good')
    expect(agreement(at(0.01, 0), at(0.01, 0), ['direct', 'splitting']).verdict).toBe('good')
  })

  it('does not beyond it', () => {
    expect(agreement(at(0.01, 0.001), at(0.02, 0.001), ['direct', 'splitting'])).toMatchObject({
      name: 'methods',
      verdict: 'bad',
    })
  })

  it('takes no count at all for what it is: all below its upper limit', () => {
    const none: Estimate = { value: 0, low: 0, high: 3.7e-6, confidence: 0.95, method: 'clopper-pearson', events: 0 }
    expect(agreement(none, at(1e-9, 2e-10), ['direct', 'splitting']).verdict).toBe('good')
    expect(agreement(none, at(1e-3, 2e-4), ['direct', 'splitting']).verdict).toBe('bad')
  })
})
