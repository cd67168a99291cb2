import { expect, test } from 'vitest'
import { Rate } from './rate.ts'

test('there is no speed before a second has passed', () => {
  const rate = new Rate()
  expect(rate.perSecond()).toBe(null)
  rate.see(5, 0)
  rate.see(9, 900)
  expect(rate.perSecond()).toBe(null)
  rate.see(10, 1_000)
  expect(rate.perSecond()).toBe(5)
})

test('the speed follows recent values only', () => {
  const rate = new Rate()
  for (let second = 0; second <= 60; second++) rate.see(second * 10, second * 1_000)
  for (let second = 61; second <= 90; second++) rate.see(600, second * 1_000)
  expect(rate.perSecond()).toBe(0)
})

test('a number that falls restarts the measurement', () => {
  const rate = new Rate()
  rate.see(1_000, 0)
  rate.see(0, 5_000)
  rate.see(20, 7_000)
  expect(rate.perSecond()).toBe(10)
})
