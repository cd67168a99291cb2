import { describe, expect, it } from 'vitest'
import { cellOf } from './cells.fixture.ts'
import { additiveChain } from './chain.ts'

const chainOf = (update: unknown) => additiveChain(cellOf('double-well', { update }, 1), [])

describe('the additive chain of a cell', () => {
  it.each([
    ['sigma', { sigma: 2 }, 0.2],
    ['step', { step: 0.3 }, 0.3],
    ['temperature', { temperature: 0.05 }, 0.1],
  ])('has the scale of a step by %s', (_, amount, scale) => {
    const chain = chainOf({ rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', ...amount } })
    expect(chain.scale(7)).toBeCloseTo(scale, 15)
    expect(chain.stationary).toBe(true)
  })

  it('follows its schedules', () => {
    const eta = { power: { initial: 0.2, offset: 10, exponent: 1 } }
    const chain = chainOf({ rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma: 3 } })
    expect(chain.eta(10)).toBeCloseTo(0.1, 15)
    expect(chain.scale(10)).toBeCloseTo(0.3, 15)
    expect(chain.stationary).toBe(false)
  })

  it.each(['momentum', 'nesterov'])('is plain with %s of beta 0, and has none beside another', (rule) => {
    const drift = { form: 'additive', law: 'gaussian', sigma: 3 }
    expect(chainOf({ rule, beta: 0, eta: 0.1, drift }).scale(0)).toBe(
      chainOf({ rule: 'gradient', eta: 0.1, drift }).scale(0),
    )
    expect(() => chainOf({ rule, beta: 0.1, eta: 0.1, drift })).toThrow(`the rule is ${rule}, not gradient`)
  })

  it('does not move without drift', () => {
    expect(chainOf({ rule: 'gradient', eta: 0.1, drift: 'none' }).scale(0)).toBe(0)
  })

  it.each([
    [{ rule: 'adam', eta: 0.1 }, /adam/],
    [{ rule: 'gradient', eta: 0.1, drift: { form: 'flip', q: 0.1 } }, /flip/],
    [{ rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1, every: 2 } }, /every step/],
  ])('says why there is none: %j', (update, reason) => {
    const cell = cellOf('double-well', { update, trial: { steps: 2 } }, 1)
    expect(() => additiveChain(cell, [])).toThrow(reason)
  })
})
