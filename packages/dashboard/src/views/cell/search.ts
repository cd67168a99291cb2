import * as z from 'zod'
import { oneOf } from '../../parts/search.ts'

export const cellTabs = ['estimates', 'figures', 'trials', 'theory', 'settings'] as const

export const cellSearch = z.object({
  tab: oneOf(cellTabs),
})
