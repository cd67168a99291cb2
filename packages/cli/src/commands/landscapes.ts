import { build, expand, parse, partials, print as printExpression, simplify, type Variable } from '@driftfarm/formula'
import {
  coordinatesOf,
  type DocumentData,
  documents,
  type LandscapeScene,
  landscapeFigure,
  sceneOf,
  type TableOptions,
  terminalFigure,
} from '@driftfarm/report'
import { formulaSlopes, type Preset, presets, type ResolvedPreset, resolveLandscape } from '@driftfarm/spec'
import { command } from '../command.ts'
import { noSuchName, usageError } from '../failure.ts'
import { text } from '../options/option.ts'
import { note, type PrintOptions, printData, terminalFor, writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'

export const landscapes = command('landscapes [name]', {
  summary: 'list the preset landscapes, or show one with its gradient, minima and a picture',
  options: { svg: text('<file>', 'draw the landscape into an SVG file') },
  examples: ['landscapes', 'landscapes double-well --svg double-well.svg'],
  kinds: ['LandscapeList', 'Landscape'],
  async act(shell, name, options) {
    if (name === undefined) {
      if (options.svg !== undefined)
        throw usageError('--svg needs the name of a landscape', 'run `driftfarm landscapes NAME --svg FILE`')
      return listPresets(shell, options)
    }
    const preset = presetNamed(name)
    const figure = landscapeFigure(presetScene(preset))
    if (options.svg !== undefined) {
      const { headlessDocument, svgOf } = await import('@driftfarm/report/drawing')
      await writeAll(shell, [svgOf(figure, { document: headlessDocument() })], options.svg)
      note(shell, `wrote ${options.svg}`)
    }
    const table = (_: DocumentData<'Landscape'>, page?: TableOptions) => {
      const picture = terminalFigure(figure, terminalFor(shell)).join('\n')
      return `${documents.Landscape.table(asWritten(preset), page)}\n${picture}\n`
    }
    await printData(shell, { ...documents.Landscape, table }, landscapeData(preset), options)
  },
})

/** Shows the general formula of the preset, which holds in any dimension. */
const asWritten = (preset: Preset): DocumentData<'Landscape'> => ({
  ...landscapeData(preset),
  expression: preset.expression,
})

function landscapeData(preset: Preset): DocumentData<'Landscape'> {
  const { name, summary, view } = preset
  const { landscape, minima } = resolveLandscape(name)
  return {
    name,
    summary,
    // The landscape of a preset is always a formula without data.
    ...landscape,
    data: null,
    batch: null,
    gradient: Object.fromEntries(gradientOf(landscape)),
    minima: Object.fromEntries(minima),
    losses: Object.fromEntries(presetScene(preset).marks.map((mark) => [mark.name, mark.loss!])),
    view,
  }
}

function presetNamed(name: string): Preset {
  const preset = presets.find((one) => one.name === name)
  if (preset !== undefined) return preset
  const names = presets.map((one) => one.name)
  throw noSuchName('landscape', name, names, '`driftfarm landscapes` lists all landscapes')
}

/** The default dimension of every preset is one or two, so the scene shows all coordinates. */
function presetScene({ name, view }: Preset): LandscapeScene {
  const { landscape, minima } = resolveLandscape(name)
  const slopes = formulaSlopes()(landscape, [])!
  const loss = (theta: readonly number[]): number | null => {
    const loss = slopes.loss(Float64Array.from(theta))
    // Adding 0 turns -0 into 0.
    return Number.isFinite(loss) ? loss + 0 : null
  }
  return sceneOf(landscape, view, loss, { title: name, minima })
}

/** Sums over coordinates are written out term by term. */
function gradientOf(landscape: ResolvedPreset['landscape']): [string, string][] {
  const { variables, dimension, expression } = landscape
  const labels = coordinatesOf(landscape)
  const coordinates = labels.map(
    (name, i): Variable =>
      variables === null ? { name: 'x', index: build.number(i + 1), length: dimension } : { name },
  )
  const gradient = [...partials(simplify(expand(parse(expression))), coordinates)]
  return labels.map((label, i) => [`dL/d${label}`, printExpression(simplify(gradient[i]!))])
}

async function listPresets(shell: Shell, options: PrintOptions): Promise<void> {
  const table = (_: unknown, page?: TableOptions) =>
    documents.LandscapeList.table({ landscapes: presets.map(asWritten) }, page)
  const data = { landscapes: presets.map(landscapeData) }
  await printData(shell, { ...documents.LandscapeList, table }, data, options)
}
