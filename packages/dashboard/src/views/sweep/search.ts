import * as z from 'zod'
import { oneOf, word, yes } from '../../parts/search.ts'

export const sweepTabs = ['map', 'figures', 'cells', 'compare', 'work', 'failures', 'spec'] as const
export const mapShows = ['state', 'value', 'width', 'trials'] as const
export const figureTabs = ['line', 'curve', 'ends', 'contrast', 'boundary'] as const

export const sweepSearch = z.object({
  tab: oneOf(sweepTabs),
  x: word,
  y: word,
  of: word,
  show: oneOf(mapShows),
  /** The chosen position on each of the other axes, as `path=position`, separated by commas. */
  at: word,
  figure: oneOf(figureTabs),
  by: word,
  log: word,
  where: word,
  oracle: yes,
  theorem: yes,
  with: word,
})
export type SweepSearch = z.infer<typeof sweepSearch>
