import { parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { certificateOf } from '../certificate/certificate.ts'
import { additiveChain } from '../chain.ts'
import { derivativesOf } from '../interval/derivatives.ts'
import { theorem } from './theorem.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
function cell(more: Readonly<Record<string, unknown>> = {}) {
  const spec = {
    version: 1,
    name: 'one',
    landscape: { preset: 'double-well' },
    start: [-0.6],
    update: {
      rule: 'gradient',
      eta: 0.1,
      drift: { form: 'additive', law: 'gaussian', sigma: { exponential: { initial: 1.5, rate: 0.9 } } },
    },
    trial: { steps: 20, escape: 'x >= 0' },
    trials: 1,
    ...more,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'one' }).cell(0)
}

async function ask(more?: Readonly<Record<string, unknown>>) {
  const one = cell(more)
  return theorem(one.cell, one.tables)
}

/** P(escape within 20 steps) by the oracle. */
const exact = 0.01360050964176791

const proven = <T extends object>(of: T | { readonly reason: string }): T => {
  if ('reason' in of) throw new Error(of.reason)
  return of as T
}

describe('converging to this minimum', () => {
  if (full)
    it('is more likely than the ball says, and no more than not escaping is', async () => {
      const answer = await ask()
      const { s, escape } = proven(answer.convergence)
      const { stay } = proven(answer.forever)
      expect(s).toBeGreaterThan(stay + 0.1)
      expect(escape).toBeGreaterThan(exact)
      expect(escape).toBeLessThan(1.3 * exact)
    })

  if (full)
    it('counts what happens after the horizon: without that, few steps say too much', async () => {
      const early = await ask({ trial: { steps: 4, escape: 'x >= 0' } })
      expect(proven(early.convergence).escape).toBeGreaterThan(exact)
      // The wrong version: not having escaped at the horizon is taken for converging.
      expect(proven(early.certificate).escape).toBeLessThan(exact / 1.3)
    })

  if (full)
    it('averages a random start', () => {
      const from = (start: unknown, fixed: readonly number[] | null) => {
        const { cell: one, tables } = cell({ start, trial: { steps: 2, escape: 'x >= 0' } })
        const derivatives = one.landscape.kind === 'formula' ? derivativesOf(one.landscape, tables) : null
        if (derivatives === null) throw new Error('no derivatives')
        const chain = additiveChain(one, tables)
        return proven(certificateOf({ cell: one, tables, chain, derivatives, start: fixed, minimum: null }, null))
          .escape
      }
      const point = (x: number) => from([x], [x])
      const uniform = (low: number, high: number) => from({ uniform: { low, high } }, null)
      expect(uniform(-0.7, -0.5)).toBeGreaterThan(point(-0.7))
      expect(uniform(-0.7, -0.5)).toBeLessThan(point(-0.5))
    })

  it('says why there is no statement', async () => {
    const update = (eta: unknown, sigma: unknown) => ({
      update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } },
      trial: { steps: 3, escape: 'x >= 0' },
    })
    const reason = async (more: Readonly<Record<string, unknown>>) =>
      ((await ask(more)).convergence as { readonly reason: string }).reason
    expect(await reason(update(0.1, 1))).toMatch('constant')
    const short = { power: { initial: 0.1, offset: 10, exponent: 2 } }
    expect(await reason(update(short, 1))).toMatch('finite sum')
  })
})
