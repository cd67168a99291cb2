import { command } from '../command.ts'
import { choice, flag, type OptionsOf, text, valued } from '../options/option.ts'
import { axisLetters, cellIndex, pixels, trialList } from '../options/parse.ts'
import { json, progress, set } from '../options/shared.ts'

// The kinds of figures of the package `report`. They are not imported, because this file is loaded to show help, and
// loading `report` too would delay the help.
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
  kind: choice('<kind>', 'kind of figure (default: depends on the axes of the sweep)', kinds),
  x: text('<path>', 'swept path on the horizontal axis'),
  y: text('<path>', 'for maps: swept path on the vertical axis'),
  of: text(
    '<estimate>',
    'estimate to draw (default: escape or, if the sweep does not estimate escape, its most important estimate)',
  ),
  by: text('<path>', 'draw one series for each value of this swept path'),
  log: valued(
    '<axes>',
    'axes with a logarithmic scale: x, y, or z (the colours of a map), e.g. --log x,y',
    axisLetters,
  ),
  where: text('<condition>', 'draw only cells that meet this condition, e.g. "eta > 0.1 && rule == adam"'),
  show: choice(
    '<what>',
    'for maps: the colours show the estimate, the width of its interval, or the number of trials',
    ['value', 'width', 'trials'],
  ),
  oracle: flag(
    'also draw the exact values of the estimated quantity, where they can be computed (about a second per cell)',
  ),
  theorem: flag('also draw the bounds of Theorem 1, if the theorem bounds the event that the trials measure'),
  fit: text('<formula>', 'for fits and residuals: formula to fit, e.g. "log(escapeRate) ~ 1/T"'),
  cell: valued('<index>', 'for trajectories and convergence: index of the cell', cellIndex),
  trial: valued('<list>', 'for trajectories: trials to draw, e.g. 0,1,7 (default: the first five)', trialList),
  output: {
    ...text('<file>', 'write to a .svg, .png, .pdf or .json file instead of drawing in the terminal'),
    letter: 'o',
  },
  width: valued('<pixels>', 'width of the figure in a file, in pixels (default: 720)', pixels),
  theme: choice('<name>', 'colours of the figure in a file', ['light', 'dark']),
  plain: flag('omit title and caption in a file, for use in a paper'),
  set: { ...set, help: 'with --kind landscape SPEC: change a value of the spec (may be repeated)' },
  progress,
  json,
}
export type FigureOptions = OptionsOf<typeof options>

export const figure = command({
  name: 'figure',
  arguments: ['<sweep>'],
  summary: 'draw a sweep in the terminal or into a file',
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
