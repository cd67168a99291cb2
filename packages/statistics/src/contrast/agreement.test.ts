import { expect, it } from 'vitest'
import { agreement, type MethodEstimate } from './agreement.ts'

const at = (by: string, value: number, half: number): MethodEstimate => ({
  by,
  estimate: { value, low: value - half, high: value + half, confidence: 0.95 },
})

it('holds within the noise of both', () => {
  expect(agreement(at('direct', 0.01, 0.002), at('splitting', 0.012, 0.002)).verdict).toBe('good')
  expect(agreement(at('direct', 0.01, 0), at('splitting', 0.01, 0)).verdict).toBe('good')
})

it('does not beyond it', () => {
  expect(agreement(at('direct', 0.01, 0.001), at('splitting', 0.02, 0.001))).toMatchObject({
    name: 'agreement',
    verdict: 'wrong',
    text: expect.stringMatching(/^direct 0\.0100, splitting 0\.0200: they disagree \(p = /),
  })
})

it('allows for as many pairs as are compared', () => {
  // 3.5 standard errors: p = 0.00047.
  const pair = [at('direct', 0.01, 0), at('splitting', 0.01 + 3.5 * 0.001, 1.96 * 0.001)] as const
  expect([agreement(...pair).verdict, agreement(...pair, 10).verdict]).toEqual(['wrong', 'doubtful'])
})

it('takes no count at all for what it is: all below its upper limit', () => {
  const none: MethodEstimate = { by: 'direct', estimate: { value: 0, low: 0, high: 3.7e-6, confidence: 0.95 } }
  expect(agreement(none, at('splitting', 1e-9, 2e-10)).verdict).toBe('good')
  expect(agreement(none, at('splitting', 1e-3, 2e-4)).verdict).toBe('wrong')
})

// 2 * scipy.stats.t.sf(3.4, 15) = 0.0040 (SciPy 1.17): the normal tail, 0.00067, would call such replicas doubtful.
it('knows that the spread of few replicas is hardly known', () => {
  const replicas = { count: 16, relativeVariance: 16 * 0.1 ** 2 }
  const split: MethodEstimate = {
    by: 'splitting',
    estimate: { value: 0.01, low: 0, high: 1, confidence: 0.95, replicas },
  }
  const apart = agreement(at('oracle', 0.01 * (1 - 3.4 * 0.1), 0), split)
  expect(apart).toMatchObject({ verdict: 'good', text: expect.stringContaining('(p = 0.0040)') })
  expect(agreement(at('oracle', 0.01 * (1 - 5 * 0.1), 0), split).verdict).toBe('wrong')
  // The spread of replicas grows with the probability: 0.0134 is 0.0034 / 0.00134 = 2.5 standard errors above.
  expect(agreement(at('oracle', 0.0134, 0), split).text).toContain('(p = 0.023)')
})

it('takes an exact answer as one without a width', () => {
  const exact = (value: number) => at('oracle', value, 0)
  expect(agreement(at('direct', 0.01, 0.001), exact(0.0105)).verdict).toBe('good')
  expect(agreement(at('direct', 0.01, 0.001), exact(0.02)).verdict).toBe('wrong')
  expect(agreement(exact(0.01), exact(0.02)).verdict).toBe('wrong')
})
