import type { WholeCellData } from '@driftfarm/report'
import * as z from 'zod'
import type { Computer } from '../../compute/computer.ts'
import { oneOf } from '../../parts/search.ts'

export const cellTabs = [
  ['estimates', 'Estimates and checks'],
  ['figures', 'Figures'],
  ['trials', 'Trials'],
  ['theory', 'Theory'],
  ['settings', 'All settings'],
] as const

export const cellSearch = z.object({
  tab: oneOf(cellTabs.map(([name]) => name)),
})

/** What each part of the view of a cell gets. */
export interface CellProps {
  readonly whole: WholeCellData
  readonly computer: Computer
}
