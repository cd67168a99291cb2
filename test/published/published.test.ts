import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const home = servedHome()

const example = (name: string) => join(root, 'examples', `${name}.yaml`)

/** Difference of two binomial shares in its standard errors, pooled. */
function z(a: number, n: number, b: number, m: number): number {
  const p = (a + b) / (n + m)
  return (a / n - b / m) / Math.sqrt(p * (1 - p) * (1 / n + 1 / m))
}

// 3.5 standard errors: a false alarm of 5e-4 a row; the seeds of the examples are fixed, so what passed once passes
// always.

describe('Safran and Shamir (2018): runs of 1,000 that end in a bad minimum', () => {
  const published: readonly (readonly [width: number, bad: number])[] = [
    [6, 3],
    [7, 55],
    [8, 126],
    [9, 218],
    [10, 346],
    [12, 585],
    [15, 803],
    [20, 949],
  ]
  const some = full ? published : published.slice(0, 2)
  test(`widths ${some.map(([width]) => width).join(', ')}; the counts of the next width are told apart`, async () => {
    const { cells } = await runToResults(example('safran-shamir'), home, [
      '--set',
      `sweep.let.k=[${some.map(([width]) => width)}]`,
    ])
    expect(cells.map(({ counts }) => counts.ends.converged)).toEqual(some.map(() => 1000))
    const bad = cells.map(({ counts }) => counts.classes.bad!)
    for (const [at, [width, count]] of some.entries()) {
      expect(Math.abs(z(bad[at]!, 1000, count, 1000)), `k = ${width}: ${bad[at]}, published ${count}`).toBeLessThan(3.5)
    }
    for (let at = 1; at < some.length; at++) {
      expect(z(bad[at]!, 1000, some[at - 1]![1], 1000)).toBeGreaterThan(3.5)
    }
  })

  const escapes = {
    6: [584, 1155, 1543, 1933],
    8: [37, 438, 1015, 1763],
  }
  const widths = full ? ([6, 8] as const) : ([6] as const)
  test.each(widths)(
    'drift leaves the spurious minimum of width %d as often as in an independent simulation',
    async (k) => {
      // The fast tier takes the first two steps, by which the counts of the next are told apart.
      const some = full ? [] : ['--set', 'sweep.update.drift.step=[0.005, 0.0075]']
      const { cells } = await runToResults(example(`safran-shamir-escape-${k}`), home, some)
      const global = cells.map(({ counts }) => counts.classes.global!)
      expect(global).toHaveLength(full ? 4 : 2)
      for (const [at, count] of escapes[k].slice(0, global.length).entries()) {
        expect(Math.abs(z(global[at]!, 2000, count, 2000)), `${global[at]} and ${count} of 2000`).toBeLessThan(3.5)
      }
      expect(Math.abs(z(global[0]!, 2000, escapes[k][1]!, 2000))).toBeGreaterThan(3.5)
    },
  )
})

test('XOR: shares of runs that learn it, within the tolerance of the reproduction', async () => {
  const { cells } = await runToResults(example('xor'), home)
  const shares = cells.map(({ counts, trials }) => (100 * counts.ends.converged!) / trials)
  const reported = [99.1, 83.4, 74.5, 86.6]
  const tolerance = [0.7, 1.5, 1.5, 1.5]
  for (const [at, share] of shares.entries()) {
    expect(Math.abs(share - reported[at]!), `cell ${at}: ${share} %, reported ${reported[at]} %`).toBeLessThan(
      tolerance[at]!,
    )
  }
})
