import type { Cell } from '@driftfarm/spec'
import { ruleParameters } from './rule.ts'
import { type Pieces, scaleParameters, scalePieces } from './schedule.ts'

/** The numbers that a module reads are computed from these fields, so that no expression is parsed again. */
export interface Valued {
  readonly cell: Cell
  readonly parameters: ReadonlyMap<string, number>
  readonly pieces: ReadonlyMap<string, Pieces>
}

export function valuedOf(cell: Cell): Valued {
  const parameters = new Map(cell.landscape.parameters)
  for (const [name, value] of scaleParameters(cell)) parameters.set(name, value)
  for (const [name, value] of ruleParameters(cell.update.rule)) parameters.set(name, value)
  return { cell, parameters, pieces: scalePieces(cell) }
}
