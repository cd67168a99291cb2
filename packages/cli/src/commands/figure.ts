import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatOfFile } from '@driftfarm/farm'
import {
  documentJson,
  envelope,
  type Figure,
  figureKinds,
  labelForm,
  labelled,
  labelPattern,
  landscapeFigure,
  landscapeScene,
  requireApplicableOptions,
  type SweepFigure,
  sliceScene,
  terminalFigure,
} from '@driftfarm/report'
import { type Cell, readTables, type Tables } from '@driftfarm/spec'
import { InvalidArgumentError } from 'commander'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { choice, flag, type OptionsOf, repeated, text } from '../options/option.ts'
import { axisLetters, cellIndex, finite, pixels, trialList } from '../options/parse.ts'
import { progress, set } from '../options/shared.ts'
import { print, terminalFor, writeFigure } from '../output.ts'
import { progressOfCells } from '../progress.ts'
import { farmExists, withSweep } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'

const options = {
  kind: choice('<kind>', 'kind of figure (default: depends on the axes of the sweep)', figureKinds),
  x: text('<path>', 'swept path on the horizontal axis'),
  y: text('<path>', 'for maps: swept path on the vertical axis'),
  of: text(
    '<estimate>',
    'estimate or observed value to draw (default: escape or, if the sweep does not estimate escape, its most ' +
      'important estimate)',
  ),
  by: text('<path>', 'draw one series for each value of this swept path'),
  panel: text('<path>', 'one panel for each value of this path'),
  log: axisLetters('axes with a logarithmic scale: x, y, or z (the colours of a map), e.g. --log x,y'),
  where: text('<condition>', 'draw only cells that meet this condition, e.g. "eta > 0.1 && rule == adam"'),
  show: choice(
    '<what>',
    'for maps: the colours show the estimate, the width of its interval, or the number of trials',
    ['value', 'width', 'trials'],
  ),
  contour: finite('<value>', 'for maps: draw the line where the estimate has this value, e.g. 0.5'),
  over: text('<sweeps>', 'for lines: also draw these sweeps, e.g. --over before,after'),
  oracle: flag(
    'also draw the exact values of the estimated quantity, where they can be computed (about a second per cell)',
  ),
  theorem: flag('also draw the bounds of Theorem 1, if the theorem bounds the event that the trials measure'),
  fit: text('<formula>', 'for fits and residuals: formula to fit, e.g. "log(escapeRate) ~ 1/T"'),
  cell: cellIndex('for trajectories, convergence and observed values: index of the cell'),
  trial: trialList('for trajectories: trials to draw, e.g. 0,1,7 (default: the first five)'),
  output: {
    ...text('<file>', 'write to a .svg, .png, .pdf, .csv or .json file instead of drawing in the terminal'),
    letter: 'o',
  },
  width: pixels(320)('width of the figure in a file, in pixels (default: 720)'),
  height: pixels(200)('height of the figure in a file, in pixels'),
  theme: choice('<name>', 'colours of the figure in a file', ['light', 'dark']),
  plain: flag('omit title and caption in a file, for use in a paper'),
  label: repeated(
    '<axis=text>',
    'title of x, y, z (colours) or by (series), e.g. --label "x=noise" (may be repeated)',
    titleOf,
  ),
  set: { ...set, help: 'with --kind landscape SPEC: change a value of the spec (may be repeated)' },
  progress,
}
type FigureOptions = OptionsOf<typeof options>

export const figure = command('figure <sweep>', {
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
  async act(shell, text, options) {
    refuseConflictingOptions(options)
    // Check the file's extension before anything is computed.
    if (options.output !== undefined) formatOfFile(options.output)
    if (options.kind === 'landscape')
      return printDetails(shell, labelled(await landscapeOf(shell, text, options), labelOf(options)), options)
    await withSweep(shell, text, async (farmClient, { id }) => {
      const { output: _, width, height, theme, plain, set, progress, json, trial, ...requested } = options
      const request = { ...requested, trials: trial, label: labelOf(options) } as SweepFigure
      const drawn = await farmClient.figure(id, { ...request, onCells: progressOfCells(shell) })
      await printDetails(shell, drawn, options)
    })
  },
})

function titleOf(text: string): string {
  if (labelPattern.test(text)) return text
  throw new InvalidArgumentError(`'${text}' is not ${labelForm}.`)
}

const labelOf = ({ label }: FigureOptions): string | undefined => (label.length === 0 ? undefined : label.join(';'))

async function printDetails(shell: Shell, drawn: Figure, options: FigureOptions): Promise<void> {
  const { output, json, width, height, theme, plain } = options
  if (output !== undefined) await writeFigure(shell, drawn, output, { width, height, theme, plain })
  if (json === true) await print(shell, documentJson(envelope('Figure', drawn)))
  else if (output === undefined) await print(shell, `${terminalFigure(drawn, terminalFor(shell)).join('\n')}\n`)
}

function refuseConflictingOptions(options: FigureOptions): void {
  const { kind, output, width, height, theme, plain, set, trial } = options
  const names = { kind: '--kind', trials: '--trial' } as Readonly<Record<string, string>>
  requireApplicableOptions({ ...options, trials: trial, label: labelOf(options) }, (option, value) =>
    [names[option] ?? `--${option}`, ...(value === undefined ? [] : [value])].join(' '),
  )
  if (output === undefined && (width ?? height ?? theme ?? plain) !== undefined)
    throw usageError('--width, --height, --theme and --plain need a file', 'add -o FILE, or omit them')
  if (kind !== 'landscape' && set.length > 0)
    throw usageError(
      '--set changes a spec, but this kind of figure draws a stored sweep',
      'use --set only with --kind landscape SPEC',
    )
}

/**
 * Draws the landscape of the first cell. If the landscape has more than two coordinates, only a plane through named
 * points is drawn.
 */
async function landscapeOf(shell: Shell, text: string, options: FigureOptions): Promise<Figure> {
  const isFile = text === '-' || existsSync(resolve(shell.cwd, text))
  if (isFile || !farmExists(shell)) {
    const { sweep } = await readSweep(shell, text, { set: options.set })
    const { cell, tables } = sweep.cell(0)
    return landscapeFigureOf(sweep.name, cell, tables)
  }
  if (options.set.length > 0)
    throw usageError(`--set changes a spec file, but there is no file ${text}`, 'give the path of a spec')
  return withSweep(shell, text, async (farmClient, { id, name }) => {
    const { resolved } = await farmClient.cell({ sweep: id, cell: '0' })
    const cell = resolved as unknown as Cell
    return landscapeFigureOf(name, cell, await readTables(cell, farmClient.data))
  })
}

function landscapeFigureOf(name: string, cell: Cell, tables: Tables): Figure {
  const { minima } = cell.trial
  const scene = landscapeScene(cell, tables, { title: `${name}: loss`, minima })
  if (scene !== null) return landscapeFigure(scene)
  if (minima.length < 2)
    throw usageError(
      `the landscape of ${name} has ${cell.landscape.dimension} coordinates; ` +
        'a figure can show only a plane through two named minima',
      'name two minima in the landscape (`driftfarm minima SPEC` finds some)',
    )
  return landscapeFigure(sliceScene(cell, tables, `${name}: loss`, minima))
}
