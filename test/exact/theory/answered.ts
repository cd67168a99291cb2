import {
  type MinimaCell,
  minimaCell,
  type OracleCell,
  oracleParts,
  type TheoremCell,
  theoremCell,
} from '@driftfarm/report'
import { parseSweep } from '@driftfarm/spec'
import {
  asymptotics,
  barrierHeight,
  barrierTemperature,
  findMinima,
  oracle,
  premisesOf,
  theorem,
} from '../../../packages/theory/src/index.ts'

/** What is asked of a spec. `laws` and `chain`: of an Oracle document only that part. */
export type Command = 'oracle' | 'laws' | 'chain' | 'theorem' | 'minima' | 'premises'

export interface Case {
  readonly command: Command
  readonly about: string
  readonly spec: Readonly<Record<string, unknown>>
  readonly options?: {
    readonly radius?: number
    readonly distances?: readonly number[]
    readonly descents?: number
    readonly certificate?: boolean
  }
}

/** The cell of the document that the command prints of the first cell of a spec. */
export async function answered({ command, spec, options = {} }: Case): Promise<unknown> {
  const { cell, tables, index, id, params } = parseSweep(JSON.stringify(spec), { fileName: 'table.json' }).cell(0)
  const origin = { index, id, params }
  switch (command) {
    case 'oracle': {
      const horizons = (spec.horizons ?? []) as readonly number[]
      const parts = oracleParts(oracle(cell, tables, { horizons }), asymptotics(cell, tables))
      return { ...origin, ...parts } satisfies OracleCell
    }
    case 'laws':
      return { ...origin, ...oracleParts({ reason: 'the laws alone' }, asymptotics(cell, tables)) } satisfies OracleCell
    case 'chain':
      return { ...origin, chain: oracleParts(oracle(cell, tables), []).chain }
    case 'theorem':
      return theoremCell(origin, await theorem(cell, tables, options), null) satisfies TheoremCell
    case 'minima': {
      const { descents = 1000 } = options
      const descent = { eta: 0.01, gradient: 1e-9, steps: 100_000 }
      const found = await findMinima(cell, tables, { descents, descent, confidence: 0.95 })
      return minimaCell({ ...origin, start: cell.start.kind }, found) satisfies MinimaCell
    }
    case 'premises': {
      const { temperature, stability } = await premisesOf(cell, tables)
      return { temperature, stability, slow: barrierTemperature(cell), barrier: barrierHeight(cell, tables) }
    }
  }
}
