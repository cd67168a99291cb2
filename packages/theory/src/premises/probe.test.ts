import { compiledModule } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf, resolvedCellOf } from '../cells.fixture.ts'
import { hostProbe, isQuick, kernelProbe } from './probe.ts'

const network = resolvedCellOf('double-well', {
  landscape: {
    network: { layers: [2, 3, 1], activation: 'tanh', data: { preset: 'moons', samples: 40 }, decay: 0.01 },
  },
  start: { init: 'xavier' },
})
const bowl = {
  cell: cellOf('quadratic', { landscape: { preset: 'quadratic', dimension: 12 }, start: new Array(12).fill(0) }),
  tables: [],
}

describe.each<[string, { readonly cell: Cell; readonly tables: Tables }]>([
  ['network', network],
  ['formula', bowl],
])('%s', (_, { cell, tables }) => {
  const theta = Float64Array.from({ length: cell.landscape.dimension }, (_, i) => Math.sin(i + 1))

  test('descents of the kernel have the bits of the host', async () => {
    const [host, kernel] = [hostProbe(cell, tables), await kernelProbe(cell, tables, compiledModule)]
    for (const from of [theta, theta.map((x) => 3 - x)])
      for (const steps of [1, 7, 300]) {
        const descent = { gradient: 0.05, eta: 0.1, steps }
        expect(kernel.descend(from, descent)).toEqual(host.descend(from, descent))
      }
  })

  test('its gradient is that of the host but for rounding', async () => {
    const [host, kernel] = [hostProbe(cell, tables), await kernelProbe(cell, tables, compiledModule)]
    const [one, other] = [new Float64Array(theta.length), new Float64Array(theta.length)]
    host.landscape.gradient(theta, one)
    kernel.landscape.gradient(theta, other)
    const largest = Math.max(...one.map(Math.abs))
    for (const [i, g] of one.entries()) expect(Math.abs(g - other[i]!)).toBeLessThan(1e-14 * largest)
  })
})

test('the host is left to what is quick', () => {
  expect([isQuick(network.cell), isQuick(bowl.cell)]).toEqual([false, true])
})
