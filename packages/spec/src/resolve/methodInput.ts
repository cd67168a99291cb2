import type { Trial, Update } from '../cell.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'

/** The parts of a cell that its method depends on. */
export interface MethodInput {
  readonly update: Update
  readonly resolved: ResolvedLandscape
  readonly trial: Trial
}
