import { zeroTally } from '@driftfarm/kernel'
import { describe, expect, it } from 'vitest'
import { estimatesOf } from './cell/estimates.ts'
import type { SampleSizeChoice } from './cell/guard.ts'
import { checksOf } from './checks.ts'
import type { Estimate } from './evidence/estimate.ts'
import type { CheckedCell } from './finding/cellFindings.ts'
import { premises } from './finding/premises.fixture.ts'
import { demand, layout, plainLayout, tallyOf, undecided } from './fixtures/samples.ts'
import { replicaLayout, tallyOfValues, weightLayout } from './fixtures/values.ts'

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
  more: Partial<CheckedCell> = {},
  events: object = trial,
  choice: SampleSizeChoice = { kind: 'fixed' },
): CheckedCell {
  const trials = ends.reduce((sum, count) => sum + count, 0)
  const tally = { ...zeroTally(plainLayout, []), trials, ends, escaped: ends[0], exits: [ends[0]] }
  const requested = { ...demand, estimates: ['escape'] }
  const estimates = estimatesOf(tally, plainLayout, requested, { ...choice, trial: events as never })
  return { tally, estimates, ended: 'trials', horizon: 1000, ...more }
}

/** All that is said of a cell beside what is good. */
const said = (believed: CheckedCell) =>
  checksOf(believed)
    .filter(({ verdict }) => verdict !== 'good')
    .map(({ name, verdict }) => `${name} ${verdict}`)

describe('should I believe this?', () => {
  it('yes, where nothing speaks against it', () => {
    const checks = checksOf(cell([300, 0, 0, 9700]))
    expect(checks.map(({ name }) => name)).toEqual(['events', 'interval', 'horizon', 'diverged', 'stop'])
    expect(said(cell([300, 0, 0, 9700]))).toEqual([])
    expect(checks[0]).toMatchObject({
      text: expect.stringMatching(/^300 of 10000 trials escaped: relative uncertainty 1[12] %$/),
      hint: null,
    })
  })

  it('is told that what it rests on was never looked at, once all of its trials are there', () => {
    const unlooked = { premises: null }
    expect(said(cell([300, 0, 0, 9700], unlooked))).toEqual(['control doubtful'])
    expect(said(cell([300, 0, 0, 9700], { ...unlooked, ended: null })).filter((text) => /control/.test(text))).toEqual(
      [],
    )
  })

  it('is told which observed values no trial has', () => {
    const none = { finite: 0, notFinite: 0, sum: 0n, squares: 0n, min: 0, max: 0, histogram: [] }
    const some = { ...none, finite: 3 }
    const { tally, ...rest } = cell([300, 0, 0, 9700])
    const observed = {
      'loss@escape': [none],
      'loss@mark:low': [none],
      'loss@start': [some],
      'loss@every:9': [some, none],
    }
    const texts = checksOf({ ...rest, tally: { ...tally, observed } as never }).map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('loss'))).toEqual([
      'loss has no value at escape: no trial escaped',
      'loss has no value at mark:low: no trial reached low',
    ])
  })

  it('writes shares above one as people do', () => {
    expect(checksOf(cell([1, 0, 0, 9999]))[0]!.text).toMatch(
      /^only 1 of 10000 trials escaped: relative uncertainty [12]\d0 %$/,
    )
  })

  it.each([
    ['few events are exact all the same', cell([3, 0, 0, 997]), ['events note']],
    ['none: one limit', cell([0, 0, 0, 1000]), ['events note']],
    ['all: one limit', cell([10000, 0, 0, 0]), ['events note']],
    ['few without', cell([995, 0, 0, 5]), ['events note']],
    ['a first exit needs no end', cell([50, 0, 0, 950]), []],
    ['an exit before converging does', cell([50, 850, 0, 100], {}, competing), ['horizon doubtful']],
    ['which may little more than it is', cell([500, 400, 0, 100], {}, competing), ['horizon note']],
    ['or hardly', cell([500, 495, 0, 5], {}, competing), []],
    ['one diverged by accident', cell([50, 0, 1, 9949]), ['diverged note']],
    ['some diverged', cell([50, 0, 2, 948]), ['diverged doubtful']],
    ['most diverged', cell([50, 0, 900, 50]), ['diverged wrong']],
    ['still running', cell([50, 0, 0, 950], { ended: null }, trial, { kind: 'running' }), ['stop note']],
    ['extended after a look', cell([50, 0, 0, 950], {}, trial, { kind: 'extended' }), ['interval note']],
    ['no rule met', cell([50, 0, 0, 950], { ended: 'max' }), ['stop note']],
    ['out of budget', cell([50, 0, 0, 950], { ended: 'budget' }), ['stop note']],
    ['a rule met', cell([50, 0, 0, 950], { ended: 'relative' }), []],
  ])('%s', (_, believed, expected) => {
    expect(said(believed)).toEqual(expected)
  })

  it('of a quench nothing is undecided: it says where each trial settles, whatever its end', () => {
    const trials = 1000
    const settling = (ends: readonly [number, number, number, number], settled: readonly number[]) => {
      const tally = { ...zeroTally(layout, []), trials, ends, settled }
      const estimates = estimatesOf(tally, layout, { ...demand, estimates: ['settle:left'] }, { kind: 'fixed' })
      return said({ tally, estimates, ended: 'trials', horizon: 1000 })
    }
    expect(settling([0, 0, 0, 1000], [400, 590, 10])).toEqual([])
    // 50 quenches ran out of their steps, of fewer than that many settled trials, and of more.
    expect(settling([0, 0, 0, 1000], [40, 900, 10])).toEqual(['horizon doubtful'])
    expect(settling([0, 0, 0, 1000], [440, 500, 10])).toEqual(['horizon note'])
    // Without a quench only those that converged have settled.
    expect(settling([0, 500, 0, 500], [40, 450, 10])).toEqual(['horizon doubtful'])
    expect(settling([300, 700, 0, 0], [40, 650, 10])).toEqual([])
  })

  it('calls an interval by its method', () => {
    const of = (interval: 'wilson' | 'jeffreys') => {
      const { tally } = cell([50, 0, 0, 950])
      const estimates = estimatesOf(tally, plainLayout, { ...demand, interval }, { kind: 'fixed' })
      return said({ ...cell([50, 0, 0, 950]), estimates: { escape: estimates.escape! } })
    }
    expect([of('wilson'), of('jeffreys')]).toEqual([['interval note'], ['interval note']])
  })

  it('says nothing of no trials', () => {
    expect(checksOf(cell([0, 0, 0, 0], { premises }))).toEqual([])
  })

  it('takes divergence for an answer where nothing else was asked for', () => {
    const { tally } = cell([0, 0, 900, 100])
    const diverge = { value: 0.9, low: 0.8, high: 0.95, confidence: 0.95, method: 'clopper-pearson', events: 900 }
    expect(said({ ...cell([0, 0, 900, 100]), tally, estimates: { diverge } })).toEqual([])
  })

  it('does not call convergence wrong for the trials that diverged: its share is right', () => {
    const converge = { value: 0.9, low: 0.8, high: 0.95, confidence: 0.95, method: 'clopper-pearson', events: 900 }
    expect(said({ ...cell([0, 900, 95, 5]), estimates: { converge } })).toEqual(['diverged doubtful'])
  })

  it('knows of rates that are none, of means of few, and of costs without an end', () => {
    const at = (step: number) =>
      ({ ...undecided, end: 'escaped', exit: 'upper', escapedAt: step, steps: step }) as const
    const requested = (estimates: string[]) => ({ ...demand, estimates })
    const burst = tallyOf([...new Array(100).fill(at(3)), ...new Array(900).fill(undecided)], [])
    const even = tallyOf(
      [...Array.from({ length: 100 }, (_, i) => at(1 + 10 * i)), ...new Array(900).fill(undecided)],
      [],
    )
    const [fast, slow] = [burst, even].map((tally) => {
      const estimates = estimatesOf(tally, layout, requested(['escape', 'escapeRate']), { kind: 'fixed' })
      return checksOf({ tally, estimates, ended: 'trials', horizon: 1000 }).filter(({ verdict }) => verdict === 'note')
    })
    expect(fast!.map(({ name }) => name)).toEqual(['horizon'])
    expect(fast![0]!.text).toMatch(/^the hazard rate changes over time \(a constant rate is rejected, p < 0\.001\)/)
    expect(slow).toEqual([])

    const one = tallyOf([at(3), ...new Array(999).fill(undecided)], [])
    const estimates = estimatesOf(one, layout, requested(['escape', 'escapeStep', 'cost:m2']), { kind: 'fixed' })
    const notes = checksOf({ tally: one, estimates, ended: 'trials', horizon: 1000 }).filter(
      ({ verdict }) => verdict === 'note',
    )
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringContaining('only 1 of 1000 trials escaped'),
      'no trial reached m2: cost:m2 has only a lower limit',
      '1 escape is too few for the usual interval of escapeStep, so a wider, conservative interval is used',
    ])
  })

  it('stands in one order, premises first', () => {
    const names = checksOf(cell([300, 0, 0, 9700], { premises })).map(({ name }) => name)
    expect(names).toEqual([
      'control',
      'basin',
      'start',
      'stability',
      'resolution',
      'temperature',
      'events',
      'interval',
      'horizon',
      'diverged',
      'stop',
    ])
    expect(said(cell([300, 0, 0, 9700], { premises }))).toEqual([])
  })

  it.each([
    ['of an original share', 0.1, 'interval good', 'spread doubtful'],
    ['without one', 0, 'interval doubtful', 'spread doubtful'],
  ])('of a tilt without an escape: %s', (_, original, ...expected) => {
    const tally = tallyOfValues(new Array(100).fill(0), weightLayout)
    const estimates = estimatesOf(tally, weightLayout, demand, { kind: 'fixed', original })
    const checks = checksOf(cell([0, 0, 0, 100], { tally, estimates }))
    const found = checks.map(({ name, verdict }) => `${name} ${verdict}`)
    expect(found).toEqual([expected[0], 'stop good', expected[1]])
    expect(checks.at(-1)!.text).toContain('none of 100 trials escaped')
  })

  it('proposes splitting for a rare escape, unless the sweep has splitting cells', () => {
    const hintOf = (escaped: number, isSplitToo: boolean) => {
      const checks = checksOf({ ...cell([escaped, 0, 0, 10_000 - escaped]), isSplitToo })
      return checks.find(({ name }) => name === 'events')!.hint
    }
    expect(hintOf(0, false)).toContain('method: splitting')
    expect(hintOf(2, false)).toContain('method: splitting')
    expect(hintOf(2, true)).toContain('the splitting cell')
    expect(hintOf(2, true)).not.toContain('method:')
  })

  it.each([
    [1, ['interval note']],
    [0.5, ['interval doubtful']],
  ])('of replicas that all say %s', (value, expected) => {
    const tally = tallyOfValues(new Array(64).fill(value))
    const estimates = estimatesOf(tally, replicaLayout, demand, { kind: 'fixed' })
    expect(said(cell([64, 0, 0, 0], { tally, estimates }))).toEqual(expected)
  })

  it('asks no count of events of a cell of replicas whose exits alone were asked for', () => {
    const tally = tallyOfValues(new Array(64).fill(1e-9))
    const exit: Estimate = { value: 1e-9, low: 1e-10, high: 2e-9, confidence: 0.95, method: 'replicas', events: 3 }
    expect(said(cell([64, 0, 0, 0], { tally, estimates: { 'exit:up': exit } }))).toEqual([])
  })
})
