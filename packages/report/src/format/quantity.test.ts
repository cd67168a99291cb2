import { expect, test } from 'vitest'
import { durationText, estimateText, exponential, percent, precise, short, significant } from './quantity.ts'

test.each([
  [0, '0'],
  [1000, '1000'],
  [9999, '9999'],
  [10_000, '10k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [999_999, '1M'],
  [1_234_567, '1.23M'],
  [2_000_000_000, '2G'],
  [999_600_000_000_000, '1e15'],
  [10n ** 18n, '1e18'],
  [4.25e30, '4.25e30'],
])('%s is %s', (value, text) => {
  expect(short(value)).toBe(text)
})

test.each([
  [0, '0 %'],
  [0.0123, '1.2 %'],
  [0.27, '27 %'],
  [0.9949, '99 %'],
  [0.9951, '100 %'],
  [2.7, '270 %'],
  [123.4, '12,340 %'],
])('a share of %d is %s', (share, text) => {
  expect(percent(share)).toBe(text)
})

const year = 365.25 * 86_400
test.each([
  [0.01, 'under 1 s'],
  [1, '1 s'],
  [1.2, '2 s'],
  [118.5, '119 s'],
  [119.5, '2 min'],
  [7199, '2 h'],
  [86_399 * 2, '2 days'],
  [120, '2 min'],
  [5400, '90 min'],
  [9000, '2.5 h'],
  [86_400 * 2, '2 days'],
  [86_400 * 300, '300 days'],
  [year, 'a year'],
  [1.5 * year, '1.5 years'],
  [42.4 * year, '42 years'],
  [345 * year, 'longer than a human life (about 350 years)'],
  [61_000 * year, 'longer than written history (about 61,000 years)'],
  [3.3e7 * year, 'longer than written history (about 33 million years)'],
  [2e10 * year, 'longer than the age of the universe (about 20 billion years)'],
  // What plan once called 713396266369833369600.0 days.
  [7.13396e20 * 86_400, 'longer than the age of the universe (about 2e18 years)'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

test('no number of any size is written with e+ or with more than seven digits', () => {
  for (let power = -9; power < 60; power += 0.1)
    for (const text of [durationText(10 ** power), short(10 ** power), percent(10 ** power)])
      expect(text).not.toMatch(/e\+|\d{7}|NaN|undefined/)
})

test('significant digits and exponents use the usual notation', () => {
  expect([significant(1500, 3), significant(0.0125, 2), significant(4e25, 2), significant(1e-9, 3)]).toEqual([
    '1500',
    '0.013',
    '4e25',
    '1e-9',
  ])
  expect([precise(1500, 3), precise(0.02, 3), precise(4.5e7, 3)]).toEqual(['1500', '0.0200', '45M'])
  expect([exponential(1.5e7, 1), exponential(1.5e-7, 1)]).toEqual(['1.5e7', '1.5e-7'])
  expect(estimateText({ value: 4.34e-10, low: 0, high: 1 })).toEqual({ value: '4.3e-10', interval: '[0, 1]' })
  expect(estimateText({ value: 3e30, low: 1e30, high: 7e30 }).value).not.toContain('e+')
})
