import { isDoubt } from '@driftfarm/statistics'
import { describe, expect, it } from 'vitest'
import { answerOf } from './answer.fixture.ts'
import { type Pair, pairs, specOf } from './gallery.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** The ordinary tier takes the first pair of each class. */
const taken = full ? pairs : pairs.filter(({ kind }, at) => pairs.findIndex((other) => other.kind === kind) === at)
const twins = full ? pairs : taken.filter((_, at) => at % 6 === 0)
/** The specs are fixed, so there is no false alarm. Of all forty sound ones at most one may be doubted. */
const mostDoubted = full ? 1 : 0

it('has forty pairs of eleven classes', () => {
  expect(pairs).toHaveLength(40)
  expect(new Set(pairs.map(({ kind }) => kind)).size).toBe(11)
  expect(new Set(pairs.map(({ name }) => name)).size).toBe(40)
})

const doubtsOf = async (pair: Pair, change: Record<string, unknown>) =>
  (await answerOf(specOf(pair, change))).checks.filter(isDoubt)

describe('a misleading spec is doubted, with the reason and what to change', () => {
  it.each(taken.map((pair) => [pair.name, pair] as const))('%s', { timeout: 600_000 }, async (_, pair) => {
    const doubts = await doubtsOf(pair, pair.misleading)
    expect(doubts, pair.kind).not.toEqual([])
    expect(doubts.some(({ hint }) => hint !== null)).toBe(true)
  })
})

it(`of ${twins.length} sound twins at most ${mostDoubted} is doubted`, { timeout: 1_800_000 }, async () => {
  const doubted: string[] = []
  for (const pair of twins) {
    const doubts = await doubtsOf(pair, pair.sound)
    if (doubts.length > 0)
      doubted.push(`${pair.name}: ${doubts.map(({ name, verdict, text }) => `${name} ${verdict}: ${text}`).join('; ')}`)
  }
  expect(doubted.length, doubted.join('\n')).toBeLessThanOrEqual(mostDoubted)
})
