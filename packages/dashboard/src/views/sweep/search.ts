import { type CellsData, type StatusData, sweepKinds } from '@driftfarm/report'
import * as z from 'zod'
import { oneOf, word, yes } from '../../parts/search.ts'

export const sweepTabs = ['map', 'figures', 'cells', 'compare', 'work', 'failures', 'spec'] as const
/** What a map can show. */
export const shows = [
  ['value', 'value'],
  ['width', 'interval width'],
  ['trials', 'number of trials'],
  ['state', 'cell state'],
] as const

export const sweepSearch = z.object({
  tab: oneOf(sweepTabs),
  x: word,
  /** The vertical axis of a map; `none` for a curve. */
  y: word,
  /** The axis whose values have a map each; `none` for one map. */
  third: word,
  of: word,
  show: oneOf(shows.map(([name]) => name)),
  /** The chosen position on each of the other axes, as `path=position`, separated by commas. */
  at: word,
  /** The shown part of axes, as `path=first-last`, separated by commas. */
  zoom: word,
  /** Whether the colours of probabilities span the values of the sweep instead of 0 to 1. */
  span: yes,
  /** The value at which a contour is drawn; `none` for no contour. */
  contour: word,
  /** The ids of sweeps whose curves are drawn over this one, separated by commas. */
  over: word,
  figure: oneOf(sweepKinds),
  by: word,
  panel: word,
  log: word,
  where: word,
  oracle: yes,
  theorem: yes,
  /** The formula of a fit. */
  fit: word,
  /** The cell of a figure that shows one cell. */
  cell: word,
  /** Titles of a figure, as `x=TEXT;y=TEXT`. */
  label: word,
  with: word,
})
export type SweepSearch = z.infer<typeof sweepSearch>

export interface TabProps {
  readonly sweep: StatusData
  readonly cells: CellsData | null
  readonly search: SweepSearch
  change(part: SweepSearch): void
}
