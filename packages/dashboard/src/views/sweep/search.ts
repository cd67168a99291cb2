import { index, oneOf, present, word, yes } from '../../parts/search.ts'

export const sweepTabs = ['map', 'figures', 'cells', 'compare', 'work', 'failures', 'spec'] as const
export const mapShows = ['state', 'value', 'width', 'trials'] as const
export const figureTabs = ['line', 'curve', 'ends', 'contrast', 'boundary'] as const

export const sweepSearch = (raw: Record<string, unknown>) =>
  present({
    tab: oneOf(raw, 'tab', sweepTabs),
    x: word(raw, 'x'),
    y: word(raw, 'y'),
    of: word(raw, 'of'),
    show: oneOf(raw, 'show', mapShows),
    /** The chosen position on each of the other axes, as `path=position`, separated by commas. */
    at: word(raw, 'at'),
    figure: oneOf(raw, 'figure', figureTabs),
    by: word(raw, 'by'),
    log: word(raw, 'log'),
    where: word(raw, 'where'),
    oracle: yes(raw, 'oracle'),
    theorem: yes(raw, 'theorem'),
    cell: index(raw, 'cell'),
    with: word(raw, 'with'),
  })
export type SweepSearch = ReturnType<typeof sweepSearch>
