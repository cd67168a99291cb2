import { expect, it } from 'vitest'
import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearson } from '../interval/clopperPearson.ts'
import { wideningOf } from './widening.ts'

it('is the interval that the extended cell will have, if events come as often', () => {
  const { anytime, fixed } = wideningOf({ events: 12, counted: 1000 }, 10_000, 0.95)
  expect(anytime).toEqual(betaBinomialSequence(120, 10_000, 1 - 0.95))
  expect(fixed).toEqual(clopperPearson(120, 10_000, 0.95))
  expect(anytime.high - anytime.low).toBeGreaterThan(1.3 * (fixed.high - fixed.low))
})

it('shares alpha among simultaneous cells', () => {
  const alone = wideningOf({ events: 12, counted: 1000 }, 10_000, 0.95).anytime
  const among = wideningOf({ events: 12, counted: 1000 }, 10_000, 0.95, 10).anytime
  expect(among.high).toBeGreaterThan(alone.high)
})
