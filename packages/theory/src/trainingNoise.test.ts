import { type Cell, parseSweep, type ResolvedCell } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { additiveChain, requireFullGradient } from './chain.ts'
import { noisyChain } from './lyapunov/noisy.ts'
import { isRandom, noiseFreeCell } from './premises/plainCell.ts'
import { withSmallerSteps } from './premises/smallerSteps.ts'
import { barrierTemperature, temperatureOf } from './premises/temperature.ts'

const network = (more: object) => ({ network: { layers: [2, 3, 1], data: { preset: 'xor' }, ...more } })
const line = (more: object) => ({
  formula: { variables: ['a'], expression: '(a*x - y)^2', data: { columns: { x: [1, 2], y: [1, 2] } }, ...more },
})

function resolved(landscape: object, update: object = { eta: 0.1, drift: { temperature: 0.1 } }): ResolvedCell {
  const start = 'network' in landscape ? { init: 'xavier' } : [0]
  const spec = { version: 1, name: 'noise', seed: 1, landscape, start, update, trial: { steps: 9 }, trials: 1 }
  return parseSweep(JSON.stringify(spec), { fileName: 'noise' }).cell(0)
}

describe.each([
  ['dropout', network({ dropout: 0.2 })],
  ['label noise', network({ labelNoise: { flip: 0.2 } })],
  ['label noise', line({ labelNoise: { sigma: 0.2 } })],
])('%s of %j', (noise, landscape) => {
  const { cell, tables } = resolved(landscape)
  const plain = (changed: Cell) => ({ ...changed, landscape: { ...changed.landscape, batch: { size: 1 } } }) as Cell

  it('is noise, and the control run is without it', () => {
    const quiet = noiseFreeCell(cell)
    expect(isRandom({ ...cell, update: { ...cell.update, drift: [] } })).toBe(true)
    expect(isRandom(quiet)).toBe(false)
    expect(Object.keys(quiet.landscape)).not.toContain('dropout')
    expect(Object.keys(quiet.landscape)).not.toContain('labelNoise')
  })

  it('has no exact chain, no theorem and no temperature', () => {
    const reason = `steps use ${noise}, which is random too`
    expect(() => requireFullGradient(cell)).toThrow(reason)
    expect(() => additiveChain(cell, tables)).toThrow(reason)
    const momentum = resolved(landscape, { rule: 'momentum', beta: 0.5, eta: 0.1 })
    expect(() => noisyChain(momentum.cell, momentum.tables)).toThrow(`${noise}, which Theorem 3 does not cover`)
    expect(() => noisyChain(plain(cell), tables)).toThrow('which Theorem 3 does not cover')
    expect(temperatureOf(cell)).toBe(null)
    expect(barrierTemperature(cell)).toEqual({ unknown: `the noise of ${noise} depends on theta` })
    expect(withSmallerSteps(cell, 0.5)).toBe(null)
    expect(withSmallerSteps(plain(cell), 0.5)).toBe(null)
  })
})

it('mini-batches alone are as before', () => {
  const { cell, tables } = resolved(line({ batch: 2 }))
  expect(() => additiveChain(cell, tables)).toThrow('steps use mini-batches, which are random too')
  expect(noisyChain(cell, tables)!.kind).toBe('minibatch')
  expect(withSmallerSteps(cell, 0.5)!.landscape).toMatchObject({ batch: { size: 1 } })
})
