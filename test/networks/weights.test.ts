import { readFileSync } from 'node:fs'
import { kernelOf, landscapeFunction } from '@driftfarm/kernel'
import { parseSweep, readSafetensors, safetensorsBytes, tensorsOfPoint } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'

interface Case {
  readonly dtype: string
  readonly network: { readonly layers: readonly number[]; readonly output: string }
  readonly inputs: readonly number[][]
  readonly targets: readonly number[][]
  readonly loss: number
  readonly file: string
}

/** Written by `weights.py`. */
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('weights.json', import.meta.url), 'utf8'))

function started({ network, inputs, targets }: Case, bytes: Uint8Array) {
  const loss = network.output === 'softmax' ? 'cross-entropy' : 'mse'
  const spec = {
    version: 1,
    landscape: { network: { ...network, loss, data: { inputs, targets } } },
    start: { safetensors: 'net.safetensors' },
    update: { eta: 1e-300 },
    trial: { steps: 1 },
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'a.json', readBytes: () => bytes }).cell(0)
}

describe.each(cases)('$dtype, layers $network.layers', (one) => {
  const bytes = Buffer.from(one.file, 'base64')
  const resolved = started(one, bytes)
  const { cell, tables } = resolved

  it('has the loss that NumPy computes', async () => {
    const kernel = await kernelOf(cell, tables)
    const { theta } = kernel.run(0, 1, { keep: false, horizons: [], theta: true })
    const found = landscapeFunction(cell, tables).loss(theta!)
    expect(Math.abs(found / one.loss - 1)).toBeLessThan(1e-12)
    // The bits survive writing and reading.
    const again = started(one, safetensorsBytes(tensorsOfPoint(cell.landscape, theta!)))
    expect(again.id).toBe(resolved.id)
  })

  it('is stored only if it is long', () => {
    const isLong = cell.landscape.dimension > 1000
    expect(cell.start.kind).toBe(isLong ? 'stored' : 'point')
    expect(tables.length).toBe(isLong ? 2 : 1)
  })

  it('names its tensors', () => {
    const names = readSafetensors(bytes, (reason) => new Error(reason)).map(({ name }) => name)
    expect(names).toContain('0.weight')
    expect(names).not.toContain('__metadata__')
  })
})
