import { command } from '../command.ts'
import { choice, flag, type OptionsOf, text, valued } from '../options/option.ts'
import { axisLetters, cellIndex, pixels, trialList } from '../options/parse.ts'
import { json, progress, set } from '../options/shared.ts'

// As `report` has them; not imported, since this file is loaded for help, which must be instant.
const kinds = [
  'line',
  'map',
  'boundary',
  'curve',
  'ends',
  'fit',
  'residuals',
  'convergence',
  'trajectory',
  'contrast',
  'landscape',
] as const

const options = {
  kind: choice('<kind>', 'what to draw (default: what the axes of the sweep suggest)', kinds),
  x: text('<path>', 'the swept path along the horizontal axis'),
  y: text('<path>', 'of a map: the swept path along the vertical axis'),
  of: text('<estimate>', 'the estimate that is drawn (default: escape, or what there is)'),
  by: text('<path>', 'the swept path that tells series apart'),
  log: valued('<axes>', 'log axes: x, y, and z for the colours of a map, e.g. --log x,y', axisLetters),
  where: text('<condition>', 'only cells with these values, e.g. "eta > 0.1 && rule == adam"'),
  show: choice('<what>', 'of a map: the value, the width of its interval, or the trials', ['value', 'width', 'trials']),
  oracle: flag('draw exact values where they are about the same event (about a second a cell)'),
  theorem: flag('draw the bracket of Theorem 1 where it is about the same event'),
  fit: text('<formula>', 'of a fit or its residuals: what is fitted, e.g. "log(escapeRate) ~ 1/T"'),
  cell: valued('<index>', 'of a trajectory or convergence: the cell', cellIndex),
  trial: valued('<list>', 'of a trajectory: the trials, e.g. 0,1,7 (default: the first five)', trialList),
  output: { ...text('<file>', 'write .svg, .png, .pdf or .json; without it the terminal draws'), letter: 'o' },
  width: valued('<pixels>', 'width of the file (default: 720)', pixels),
  theme: choice('<name>', 'colours of the file', ['light', 'dark']),
  plain: flag('of a file: without title and caption, for a paper that has its own'),
  set: { ...set, help: 'with --kind landscape SPEC: change a value of that spec (may be repeated)' },
  progress,
  json,
}
export type FigureOptions = OptionsOf<typeof options>

export const figure = command({
  name: 'figure',
  arguments: ['<sweep>'],
  summary: 'draw a sweep, in the terminal or into a file',
  options,
  examples: [
    'figure double-well',
    'figure double-well --kind curve -o escape.svg',
    'figure phase-map --x eta --y sigma --show width -o map.pdf',
    'figure barrier --kind fit --fit "log(escapeRate) ~ 1/T"',
    'figure double-well --plain --width 330 -o column.pdf',
    'figure --kind landscape examples/double-well.yaml -o landscape.svg',
  ],
  kinds: ['Figure'],
  act: async (...given) => (await import('./figure/figure.ts')).figure(...given),
})
