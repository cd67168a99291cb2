import { type NetworkLandscape, trainingNoise } from '@driftfarm/spec'

/**
 * The indices of the rows of a tile. The rows hold, in this order: the inputs (only if steps have samples of their own;
 * otherwise inputs are read from the data), the targets, the values of the hidden layers, the pre-activations of the
 * hidden layers (later replaced by the errors), the inputs of the output function, and the errors of the outputs.
 */
export function tileOf(landscape: NetworkLandscape) {
  const { layers } = landscape
  const last = layers.at(-1)!
  let rows = 0
  const take = (count: number) => {
    rows += count
    return rows - count
  }
  const inputs = take(trainingNoise(landscape).length === 0 ? 0 : layers[0]!)
  const targets = take(last)
  const hidden = layers.slice(1, -1)
  const values = [inputs, ...hidden.map((units) => take(units))]
  const before = [...hidden.map((units) => take(units)), take(last)]
  const errors = take(last)
  return { inputs, targets, values, before, errors, rows }
}

/** Largest number of samples in a tile. */
export const longestTile = 64

/**
 * Number of samples in a tile, chosen by measurements of an 8-16-1 network with 256 samples. With more samples in a
 * tile, the sums are loaded and stored less often, which saves time as long as the tile fits into the cache.
 */
export function tileLength(rows: number): number {
  return [longestTile, 32].find((samples) => 16 * samples * rows <= 24_000) ?? 16
}

/** A loop over samples, tile by tile. `each` are the lines for the samples `first`, .. of a tile. */
export function overTiles(samples: string, each: readonly string[]): string[] {
  return [
    `const rows = ${samples}`,
    'for (let first = 0; first < rows; first += TILE) {',
    '  const samples = min(TILE, rows - first)',
    ...each.map((line) => `  ${line}`),
    '}',
  ]
}

/** The address of a row of the tile at `work`. */
export function rowsAt(landscape: NetworkLandscape, work: number): (index: number) => number {
  const bytes = 16 * tileLength(tileOf(landscape).rows)
  return (index) => work + bytes * index
}

/** Bytes of a tile. `moreRows` follow the rows of `tileOf`. */
export function networkWork(landscape: NetworkLandscape, moreRows: number): number {
  return rowsAt(landscape, 0)(tileOf(landscape).rows + moreRows)
}

/**
 * Samples are read in blocks of four. The last block may therefore contain up to this many samples beyond the end of
 * the data.
 */
export const samplesBehind = 3
