import type { Cell, DataTable } from '@driftfarm/spec'
import type { AdditiveChain, NotApplicable } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { Noisy } from '../lyapunov/noisy.ts'
import type { TheoremOptions } from './answer.ts'
import type { Curvature } from './curvature.ts'
import type { Clearance } from './escapeSet.ts'
import type { Base } from './minimum.ts'
import type { VanishingDrift } from './vanishing.ts'

export interface Known {
  readonly cell: Cell
  readonly data: DataTable | null
  readonly options: TheoremOptions
  readonly base: Base
  readonly among: readonly number[]
  readonly start: number
  readonly chain: AdditiveChain | NotApplicable
  readonly drift: AdditiveChain | VanishingDrift | NotApplicable
  /** The chain of Theorem 3; null if the cell follows no such chain. */
  readonly noisy: Noisy | null
  readonly clearance: Clearance
  readonly curvature: Curvature
  readonly derivatives: Derivatives | null
}
