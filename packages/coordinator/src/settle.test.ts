import type { LedgerBatch, OpenDemand } from '@driftfarm/database'
import { addDigests, formatDigest, layoutOf, runReference } from '@driftfarm/kernel'
import { stepSamples, talliedHorizons } from '@driftfarm/spec'
import { tallyToJson } from '@driftfarm/statistics'
import { describe, expect, test } from 'vitest'
import { specText, sweepOf } from './farm.fixture.ts'
import { settleDemand } from './settle.ts'

const make = (change: Record<string, unknown>) => {
  const sweep = sweepOf(specText(change))
  const { cell, id } = sweep.cell(0)
  const demand: OpenDemand = {
    sweep: sweep.id(),
    index: 0,
    cell: id,
    trial: cell.trial,
    samples: stepSamples(cell.landscape),
    original: 0,
    layout: layoutOf(cell),
    demand: sweep.demand,
    cells: 1,
    extended: false,
    target: sweep.demand.trials ?? sweep.demand.until!.min,
    trials: 0,
    batches: 0,
    tally: null,
    digest: null,
    cpuSeconds: 0,
    estimates: null,
    stopped: null,
    bits: [],
    next: 10_000,
    missing: 0,
    premises: null,
  }
  const batch = (first: number, count: number, change: Partial<LedgerBatch> = {}): LedgerBatch => {
    const { tally, digest } = runReference(cell, first, count, { horizons: talliedHorizons(sweep.demand) })
    const record = { kind: 'all' } as const
    return {
      first,
      count,
      state: 'done',
      digest: formatDigest(digest),
      tally: tallyToJson(tally),
      record,
      bits: [],
      cpuSeconds: 1,
      cut: null,
      ...change,
    }
  }
  return { demand, batch, cell }
}
const estimate = { estimate: false }

describe('a budget', () => {
  const { demand, batch, cell } = make({ trials: 60 })
  test('is reached by the contiguous prefix', () => {
    const settled = settleDemand(demand, [batch(0, 20), batch(20, 40), batch(60, 10)], estimate)
    const { digest } = runReference(cell, 0, 60, { horizons: [] })
    expect(settled).toMatchObject({
      state: 'done',
      trials: 60,
      batches: 2,
      digest: formatDigest(digest),
      stopped: { rule: 'trials' },
      cpuSeconds: 2,
      again: [],
    })
    expect(settled!.estimates!.escape!.method).toBe('clopper-pearson')
  })
  test('is not reached over a gap, and nothing changes without new batches', () => {
    expect(settleDemand(demand, [batch(20, 40)], estimate)).toBeNull()
    expect(settleDemand(demand, [], estimate)).toBeNull()
    expect(settleDemand(demand, [batch(0, 20), batch(40, 20)], estimate)).toMatchObject({ state: 'open', trials: 20 })
  })
  test('within a batch requests a cut, once', () => {
    expect(settleDemand(demand, [batch(0, 100)], estimate)!.again).toEqual([{ first: 0, count: 100, cut: { at: 60 } }])
    expect(settleDemand(demand, [batch(0, 100, { state: 'ready', cut: { at: 60 } })], estimate)).toBeNull()
  })
  test('a batch that is being recomputed still counts', () => {
    expect(
      settleDemand(demand, [batch(0, 20, { state: 'ready' }), batch(20, 40, { state: 'ready' })], estimate),
    ).toMatchObject({ state: 'done' })
  })
  test('fails with a given-up batch, when everything else is finished', () => {
    const failed = batch(0, 20, { state: 'failed', digest: null, tally: null })
    expect(settleDemand({ ...demand, missing: 1 }, [failed], estimate)).toBeNull()
    expect(settleDemand({ ...demand, next: 40 }, [failed], estimate)).toBeNull()
    expect(settleDemand(demand, [failed], estimate)).toMatchObject({ state: 'failed', trials: 0, tally: null })
  })
  test('batches that lack rows or horizons are recomputed in parallel', () => {
    const { demand, batch } = make({ trials: 60, horizons: [5] })
    const poor = [
      batch(0, 20, { record: { kind: 'none' } }),
      batch(20, 20),
      batch(40, 20, { tally: { ...batch(40, 20).tally!, horizons: [] } }),
    ]
    expect(settleDemand(demand, poor, estimate)!.again.map(({ first }) => first)).toEqual([0, 40])
  })
})

test('batches without the bits that a contrast needs are recomputed, and wait for them', () => {
  const { demand, batch } = make({ trials: 60 })
  const wants = { ...demand, bits: ['escape'] }
  const poor = [batch(0, 20), batch(20, 20, { bits: ['converge', 'escape'] }), batch(40, 20)]
  expect(settleDemand(wants, poor, estimate)).toMatchObject({
    state: 'open',
    trials: 0,
    again: [
      { first: 0, count: 20, cut: null },
      { first: 40, count: 20, cut: null },
    ],
  })
  const rich = poor.map((each) => ({ ...each, bits: ['escape'] }))
  expect(settleDemand(wants, rich, estimate)).toMatchObject({ state: 'done', trials: 60, again: [] })
})

test('a burn-in is tallied and not reported', () => {
  const { demand, batch } = make({ trials: 60, horizons: [9], rate: { after: 5 } })
  const settled = settleDemand(demand, [batch(0, 60)], estimate)!
  expect(settled.tally!.horizons.map(({ horizon }) => horizon)).toEqual([5, 9])
  expect(settled.estimates!.escapeRate!.after).toBe(5)
  const names = Object.keys(settled.estimates!)
  expect(names.some((name) => name.endsWith('@9'))).toBe(true)
  expect(names.some((name) => name.endsWith('@5'))).toBe(false)
})

describe('a rule', () => {
  const { demand, batch, cell } = make({ until: { estimate: 'escape', events: 5, min: 10, max: 1000 } })
  const batches = [batch(0, 10), batch(10, 3), batch(13, 3), batch(16, 4), batch(20, 5), batch(25, 6), batch(31, 8)]

  test('is checked at each check point and nowhere else', () => {
    expect(settleDemand(demand, batches.slice(0, 1), estimate)).toMatchObject({ state: 'open', trials: 10, target: 13 })
    expect(settleDemand(demand, batches.slice(0, 2), estimate)).toMatchObject({ state: 'open', trials: 13, target: 16 })
  })
  test('that is met by its kth event starts again, requests the cut, and ends with that event', () => {
    const { records } = runReference(cell, 0, 100, { horizons: [] })
    const escapes = Array.from({ length: 100 }, (_, trial) => trial).filter(
      (trial) => new DataView(records.buffer).getBigInt64(trial * 48 + 8, true) !== 0n,
    )
    const end = escapes[4]! + 1
    const many = Array.from({ length: 20 }, (_, place) => place).map((place) => {
      const points = [0, 10, 13, 16, 20, 25, 31, 39, 48, 60, 75, 94, 117]
      return points[place + 1] === undefined ? null : batch(points[place]!, points[place + 1]! - points[place]!)
    })
    const ahead = many.filter((each) => each !== null)
    const met = settleDemand(demand, ahead, estimate)!
    expect(met).toMatchObject({ state: 'open', trials: 0, tally: null, stopped: { rule: 'events', seeking: true } })
    const sought = settleDemand({ ...demand, ...met }, ahead, estimate)!
    const [{ first, count, cut }] = sought.again as [
      { first: number; count: number; cut: { event: string; nth: number } },
    ]
    expect(first < end && end <= first + count).toBe(true)
    const head = batch(first, end - first, { cut: { ...cut, exact: true } })
    const ended = settleDemand({ ...demand, ...sought }, [head], estimate)!
    expect(ended).toMatchObject({
      state: 'done',
      trials: end,
      stopped: { rule: 'events', estimate: 'escape', events: 5 },
    })
    expect(ended.stopped).not.toHaveProperty('seeking')
    expect(ended.estimates!.escape).toMatchObject({ value: 4 / (end - 1), events: 5, method: 'inverse-binomial' })
  })
})

test('digests add up whatever the batches', () => {
  const { batch } = make({ trials: 30 })
  const parse = (text: string | null) => BigInt(`0x${text!.slice(8)}`)
  expect(addDigests(parse(batch(0, 11).digest), parse(batch(11, 19).digest))).toBe(parse(batch(0, 30).digest))
})
