import type { Landscape } from '../cell.ts'
import type { DataTable } from '../data.ts'
import type { Minima } from './minima.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface ResolvedLandscape {
  readonly landscape: Landscape
  readonly data: DataTable | null
  readonly minima: Minima
  readonly vocabulary: Vocabulary
}
