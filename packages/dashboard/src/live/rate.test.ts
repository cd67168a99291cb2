import { expect, test } from 'vitest'
import { Rate } from './rate.ts'

test('there is no speed before a second has passed', () => {
  const rate = new Rate()
  expect(rate.perSecond()).toBe(null)
  rate.update(5, 0)
  rate.update(9, 900)
  expect(rate.perSecond()).toBe(null)
  rate.update(10, 1_000)
  expect(rate.perSecond()).toBe(5)
})

test('the speed follows recent values only', () => {
  const rate = new Rate()
  for (let second = 0; second <= 60; second++) rate.update(second * 10, second * 1_000)
  for (let second = 61; second <= 90; second++) rate.update(600, second * 1_000)
  expect(rate.perSecond()).toBe(0)
})

test('a number that falls restarts the measurement', () => {
  const rate = new Rate()
  rate.update(1_000, 0)
  rate.update(0, 5_000)
  rate.update(20, 7_000)
  expect(rate.perSecond()).toBe(10)
})

test('the time until the first growth does not count', () => {
  const rate = new Rate()
  for (let second = 0; second <= 6; second++) rate.update(0, second * 1_000)
  expect(rate.perSecond()).toBe(null)
  rate.update(30, 7_000)
  rate.update(60, 8_000)
  expect(rate.perSecond()).toBe(30)
  rate.update(60, 9_000)
  expect(rate.perSecond()).toBe(20)
})
