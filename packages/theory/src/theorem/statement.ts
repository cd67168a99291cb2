import type { Cell, Tables } from '@driftfarm/spec'
import type { BallStart } from '../ball/contraction.ts'
import type { Clearance } from '../ball/escapeSet.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { AdditiveBounds, Curvature, TheoremAnswer, TheoremCondition } from '../shapes/index.ts'
import type { TheoremOptions } from './answer.ts'
import type { Base } from './minimum.ts'

/** What is known of a cell and of the ball about its minimum. */
export interface Known {
  readonly cell: Cell
  readonly tables: Tables
  readonly options: TheoremOptions
  readonly base: Base
  /** The coordinates in which distances are measured. */
  readonly among: readonly number[]
  /** D_0, the distance of the start from the minimum. */
  readonly start: number
  readonly clearance: Clearance
  readonly derivatives: Derivatives | null
  readonly curvature: Curvature
}

/** The theorem that covers the update of a cell. */
export interface Statement {
  readonly kind: TheoremAnswer['statement']
  /**
   * Compares balls that contain the start and have positive curvature. Lower is better; Infinity means that nothing is
   * proven.
   */
  score(curvature: Curvature, within: BallStart): number
  /** `isBasin` says that condition 1 holds. */
  apply(known: Known, within: BallStart, isBasin: boolean): Applied
}

export interface Applied extends Partial<Pick<TheoremAnswer, 'vanishing' | 'leaves' | 'horizon'>> {
  /** Conditions 2 and 3. */
  readonly conditions: readonly [TheoremCondition, TheoremCondition]
  readonly bounds?: Omit<AdditiveBounds, 'certificate'> | null
  readonly forever: TheoremAnswer['forever']
}
