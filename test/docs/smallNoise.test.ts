import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { describe, expect, test } from 'vitest'
import { leastAction } from '../../infra/leastAction.ts'
import { exponentLine, exponentsOf, prefactorLine, rateLine, rowOf } from '../../infra/smallNoise.ts'

const shown = readFileSync(join(root, 'examples/results/small-noise.txt'), 'utf8')
const page = readFileSync(join(root, 'docs/gallery/small-noise.md'), 'utf8')
const [rates = [], exponents = [], prefactors = []] = shown
  .split(/\n\n/)
  .filter((part) => part.startsWith('eta'))
  .map((part) =>
    part
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)),
  )
const trimmed = (line: readonly string[]) => line.map((text) => text.trim())

// Takes half a minute, so only the full tier runs it.
if (process.env.DRIFTFARM_TEST_TIER === 'full')
  test('the coldest two cells of eta 0.5 are as in the tables', async () => {
    const [hot, cold] = [await rowOf(17), await rowOf(20)]
    const known = exponentsOf(cold.eta)
    expect(trimmed(rateLine(cold, hot))).toEqual(rates[20])
    expect(trimmed(rateLine(hot, null)).slice(0, -3)).toEqual(rates[19]!.slice(0, -3))
    expect(trimmed(prefactorLine(cold, known))).toEqual(prefactors[20])
    expect(trimmed(exponentLine(hot, cold, known))).toEqual(exponents[2])
  })

describe('tables', () => {
  test.each(exponents)('eta %s: the page has V and the last slopes', (eta, _, __, ___, least, exact, short) => {
    expect(page).toContain(`| ${eta} | ${least} | ${exact} | ${short} |`)
  })

  test('all cells are there, and each certificate is above the exact rate', () => {
    expect([rates.length, exponents.length, prefactors.length]).toEqual([21, 3, 21])
    for (const [, , , exact, short, , , long] of rates) {
      expect(Number(short)).toBeGreaterThan(Number(exact))
      expect(Number(long)).toBeGreaterThan(Number(exact))
    }
  })

  test('rounding to nodes explains the ratio: no share is above h^2/6', () => {
    for (const line of prefactors) {
      const [short, ofShort, long, ofLong] = line.slice(-4).map(Number) as [number, number, number, number]
      expect(short).toBeLessThan(ofShort)
      expect(long).toBeLessThan(ofLong)
    }
  })

  // The prefactor is C (1 + a T), so the exact slope is V + a T^2 there: T is below 0.01, and |a| below 2.
  test.each(exponents.slice(0, 2))('eta %s: the last slope is V to 2e-4', (eta, dL, _, __, least, exact, short) => {
    const [v, barrier] = [Number(least), Number(dL)]
    expect(Math.abs(Number(exact) - v)).toBeLessThan(2e-4)
    // The nodes of 150 steps are at most 0.1 apart, which lowers the slope by V h^2/6 = 4.2e-4.
    expect(Math.abs(Number(short) - v)).toBeLessThan(2e-4 + (v * 0.1 ** 2) / 6)
    expect(Math.abs(Number(exact) - v)).toBeLessThan(Math.abs(Number(exact) - barrier))
    expect(v, eta).toBeLessThan(barrier)
  })

  // The prefactor falls at least like sqrt(T), which adds T/2 = 0.0046 to the slope there, or somewhat more.
  test('eta 0.5: the last slopes are closer to V than to dL and the straight path, within 0.01', () => {
    const [, dL, law, straight, least, ...slopes] = exponents[2]!.map((text) => Number.parseFloat(text))
    for (const slope of slopes) {
      const off = Math.abs(slope - least!)
      expect(off).toBeLessThan(0.01)
      for (const other of [dL!, law!, straight!]) expect(off).toBeLessThan(Math.abs(slope - other))
    }
  })
})

test('the least action agrees with paths minimised elsewhere, and for eta 0.5 with the least of them', () => {
  expect(leastAction(0.1, -1)).toBeCloseTo(0.24978644722, 9)
  expect(leastAction(0.2, -1)).toBeCloseTo(0.24911463805, 9)
  // Stationary paths of eta 0.5: a saddle of the action, the straight minimum, and the throw up the outer wall.
  expect(leastAction(0.5, -1)).toBeLessThan(0.24291182056)
  expect(leastAction(0.5, -1)).toBeCloseTo(0.24244904124, 9)
  expect(leastAction(0.5, -2.5)).toBeCloseTo(0.20961482465, 9)
})
