import type { Estimate } from '@driftfarm/statistics'
import type { SweptAxis } from '../axes/sweptAxes.ts'
import { doubtOf } from '../document/findings.ts'
import type { Counts } from '../document/results.ts'
import { FigureError } from '../error.ts'
import { categoryAxis, numberAxis, oneCell } from '../figure/axis.ts'
import { type Bar, type Figure, type FigureOptions, layersOf } from '../figure/figure.ts'
import { figureFromParts } from '../figure/layer.ts'
import { type FiguredCell, type FiguredResults, inPanels, rolesOf, selectCells, spread } from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { cellText, doubtSentences, intervalsSentence } from '../figure/words.ts'
import { short } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import { placeOn, titleOf } from './line.ts'

export const ends: FigureTerm = {
  label: 'trial outcomes',
  options: ['x', 'panel', 'where'],
  howToRead:
    'Each trial has exactly one outcome, so the parts of a bar add up to one. The thin line is the confidence ' +
    'interval of the lowest part.',
  ofSweep: async ({ request, results }) => endsFigure(await results(), request),
}

const outcomes = ['escaped', 'converged', 'diverged', 'undecided'] as const satisfies readonly (keyof Counts['ends'])[]

/** More bars cannot be distinguished. */
const maxBars = 60

export function endsFigure(results: FiguredResults, options: FigureOptions = {}): Figure {
  const { cells: all, axes } = selectCells(results, options.where)
  const counted = all.filter(({ trials }) => Number(trials) > 0)
  const { roles, ...held } = rolesOf(axes, ['x', 'panel'], options, all, counted)
  const { x, panel } = roles
  if (held.cells.length === 0)
    throw new FigureError('NOTHING_TO_DRAW', 'no cell has trials yet', { hint: 'run the sweep first' })
  const nameOf = ({ params }: FiguredCell) => String(placeOn(x, params))
  const names = orderedNames(held.cells.map(nameOf), x)
  const shown = spread(names, maxBars)
  const kept = { ...held, cells: held.cells.filter((cell) => shown.includes(nameOf(cell))) }
  const parts = outcomes.filter((end) => kept.cells.some(({ counts }) => counts.ends[end] > 0))
  const { cells, sentences, layers, panels } = inPanels(panel, kept, (among) => [
    {
      type: 'bars',
      parts: [...parts],
      bars: among.map((cell) => barOf(cell, nameOf(cell), parts, cellText(axes, cell))),
    },
  ])
  const bars = layersOf({ layers, panels }).flatMap((layer) => (layer.type === 'bars' ? layer.bars : []))
  const across = x === undefined ? oneCell : categoryAxis(x.title, shown, x.path)
  return figureFromParts({
    figure: 'ends',
    title: titleOf(results.sweep.name, 'outcomes of trials', undefined, x, panel),
    sweep: results.sweep,
    x: across,
    y: numberAxis('share of trials', [0, 1]),
    seriesTitle: 'outcome',
    series: [...parts],
    layers,
    panels,
    caption: texts(
      'Each trial has one outcome, so the shares add up to 1.',
      intervalsSentence(cells.flatMap((cell) => parts.flatMap((part) => intervalOf(cell, part) ?? []))),
      shown.length < names.length && `${shown.length} of ${names.length} values of ${x!.title} are drawn.`,
      counted.length < all.length && `Cells that have no trials yet: ${all.length - counted.length} of ${all.length}.`,
      sentences,
      doubtSentences(bars, 'signs'),
    ),
  })
}

function orderedNames(names: readonly string[], x: SweptAxis | undefined): string[] {
  const there = new Set(names)
  return x === undefined ? [...there] : [...x.places.map(String), 'none'].filter((name) => there.has(name))
}

/** Returns null if the document has no estimate of exactly this event. */
function intervalOf({ counts, estimates }: FiguredCell, part: (typeof outcomes)[number]): Estimate | null {
  const name = { escaped: 'escape', converged: 'converge', diverged: 'diverge', undecided: null }[part]
  const estimate = name === null ? undefined : estimates[name]
  return estimate !== undefined && estimate.events === counts.ends[part] ? estimate : null
}

function barOf(cell: FiguredCell, x: string, parts: readonly (typeof outcomes)[number][], name: string): Bar {
  const trials = Number(cell.trials)
  const shares = parts.map((part) => {
    const events = cell.counts.ends[part]
    const { low, high } = intervalOf(cell, part) ?? { low: null, high: null }
    return { part, events, value: events / trials, low, high }
  })
  return {
    cell: cell.index,
    x,
    doubt: doubtOf(cell),
    parts: shares,
    text: `${name} · ${shares.map(({ part, events }) => `${short(events)} ${part}`).join(', ')}`,
  }
}
