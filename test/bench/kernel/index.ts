import { benchCompiling } from './compiling.ts'
import { benchDimensions } from './dimensions.ts'
import { benchDoubleWell } from './doubleWell.ts'
import { benchNative } from './native.ts'
import { benchNetworks } from './networks.ts'
import { benchNormals } from './normals.ts'
import { benchSmallCells } from './smallCells.ts'
import { benchSplitting } from './splitting.ts'
import { benchThreads } from './threads.ts'
import { benchUnrolling } from './unrolling.ts'

/** Parts of `npm run bench kernel`, by name; docs/reference/benchmarks.md says what each prints. */
export const kernelParts: Readonly<Record<string, () => Promise<void>>> = {
  'double-well': benchDoubleWell,
  'small-networks': benchNetworks,
  dimensions: benchDimensions,
  threads: benchThreads,
  compiling: benchCompiling,
  normals: benchNormals,
  unrolling: benchUnrolling,
  splitting: benchSplitting,
  'small-cells': benchSmallCells,
  native: benchNative,
}
