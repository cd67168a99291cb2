import { zeroTally } from '@driftfarm/kernel'
import { describe, expect, it } from 'vitest'
import { estimatesOf } from '../cell/estimates.ts'
import { isDoubt } from '../finding/check.ts'
import { demand, plainLayout } from '../fixtures/samples.ts'
import { replicaLayout, tallyOfValues, weightLayout } from '../fixtures/values.ts'
import { ofReplicas, ofWeights, spreadChecks } from './spread.ts'

const sample = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((x) => x / 1000)

const doubts = (tally: ReturnType<typeof tallyOfValues>, layout = replicaLayout, original = 0) => {
  const estimates = estimatesOf(tally, layout, demand, { kind: 'fixed', original })
  return spreadChecks(estimates.escape!, { tally, estimates })
    .filter(isDoubt)
    .map(({ text }) => text)
}

describe('of replicas', () => {
  it.each([
    ['few', sample.slice(1), ['only 9 replicas: with fewer than 10, their spread is poorly estimated']],
    ['enough', sample, []],
    ['alike', new Array(40).fill(0.1), []],
    ['extinct', new Array(40).fill(0), ['all 40 replicas died out: only an upper limit is known']],
    ['far apart', [...new Array(39).fill(0.001), 0.1], ['one replica contributes 72 %', 'the replicas vary widely']],
  ])('%s', (_, values, expected) => {
    const found = doubts(tallyOfValues(values))
    expect(found).toHaveLength(expected.length)
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(text)
  })

  it('that stayed below their target and have no escape are not taken for an answer', () => {
    const tally = tallyOfValues(new Array(40).fill(0))
    const below = { ...tally, values: { ...tally.values!, extinct: 0 } }
    expect(doubts(below)).toEqual([expect.stringContaining('in 40 replicas, no particle escaped')])
  })

  it('says each that holds', () => {
    const replicas = { count: 200, extinct: 0, relativeVariance: 9, largestShare: 0.2, levels: 5, ladder: [] }
    expect(ofReplicas(replicas)).toHaveLength(2)
    expect(ofReplicas({ ...replicas, count: 8, extinct: 8 })).toHaveLength(3)
    expect(ofReplicas({ ...replicas, relativeVariance: 0.1, largestShare: 0.02 })).toEqual([])
  })
})

describe('of weights', () => {
  it('says how many events they are worth', () => {
    const values = [...new Array(996).fill(0), 0.1, 0.1, 0.2, 0.4]
    expect(doubts(tallyOfValues(values, weightLayout), weightLayout)).toEqual([
      expect.stringContaining('effective number of events is 2.9'),
      expect.stringContaining('one trial contributes 50 %'),
    ])
  })

  it('says what is known without any', () => {
    const none = tallyOfValues([0, 0, 0], weightLayout)
    expect(doubts(none, weightLayout)).toEqual([expect.stringMatching(/^none of 3 trials escaped.*`original: 0`/)])
    const many = tallyOfValues(new Array(1000).fill(0), weightLayout)
    expect(doubts(many, weightLayout, 0.1)).toEqual([
      expect.stringMatching(/^none of 1000 trials escaped.*only the upper limit 0\.030 is known/),
    ])
  })

  it('says that a shift did nothing where every weight is 1, and not of a single one', () => {
    const idle = tallyOfValues([...new Array(60).fill(0), ...new Array(40).fill(1)], weightLayout)
    expect(doubts(idle, weightLayout)).toEqual([
      expect.stringContaining('`method.tilt.shift` is 0, or counts as 0 because it is not a number'),
    ])
    const busy = tallyOfValues([...new Array(60).fill(0), ...new Array(39).fill(1), 1.0001], weightLayout)
    expect(doubts(busy, weightLayout)).toEqual([])
  })

  it('says each that holds', () => {
    const weights = { relativeVariance: 9, largestShare: 0.5, effectiveEvents: 2 }
    const weighed = { value: 0.1, low: 0, high: 1, confidence: 0.95, method: 'weights', events: 2, weights }
    expect(ofWeights(weighed, { ...zeroTally(plainLayout, []), trials: 100 })).toHaveLength(2)
  })
})

it('says nothing of trials that only happen or not', () => {
  const estimate = { value: 0.1, low: 0, high: 1, confidence: 0.95, method: 'clopper-pearson', events: 2 }
  expect(spreadChecks(estimate, { tally: zeroTally(plainLayout, []), estimates: {} })).toEqual([])
})
