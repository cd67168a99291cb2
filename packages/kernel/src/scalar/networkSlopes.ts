import { type Cell, type DataTable, KERNEL_VERSION, minimalTrial, type Slopes } from '@driftfarm/spec'
import { landscapeFunction } from './landscapeFunction.ts'

/** Approximate number of operations of a gradient per weight and sample. */
const operationsPerWeight = 6

/** Loss and gradient of a network, as its trials compute them. Pass this function to `parseSweep` as `slopesOf`. */
export function networkSlopes(landscape: Cell['landscape'], data: DataTable | null): Slopes {
  const { dimension } = landscape
  const { loss, gradient } = landscapeFunction(cellOf(landscape), data)
  return {
    dimension,
    loss,
    gradient: (theta) => {
      const slopes = new Float64Array(dimension)
      gradient(theta, slopes)
      return slopes
    },
    cost: operationsPerWeight * dimension * (data?.rows ?? dimension),
  }
}

/** Loss and gradient depend only on the landscape, so all other fields of the cell have arbitrary values. */
function cellOf(landscape: Cell['landscape']): Cell {
  return {
    kernel: KERNEL_VERSION,
    landscape,
    start: { kind: 'uniform', low: 0, high: 0 },
    update: { rule: { kind: 'gradient' }, eta: { kind: 'constant', value: 1 }, drift: [] },
    trial: minimalTrial,
    seed: '0',
    streams: 'independent',
    method: { kind: 'direct' },
  }
}
