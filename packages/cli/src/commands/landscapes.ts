import {
  build,
  compileScalar,
  expand,
  nearestWord,
  parse,
  parseNumber,
  partials,
  print as printExpression,
  simplify,
  type Variable,
} from '@driftfarm/formula'
import {
  documents,
  type LandscapeData,
  type LandscapeScene,
  landscapeFigure,
  sampleLosses,
  terminalFigure,
} from '@driftfarm/report'
import { type Preset, presets, type ResolvedPreset, resolveLandscape } from '@driftfarm/spec'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { type OptionsOf, text } from '../options/option.ts'
import { json } from '../options/shared.ts'
import { joinTables, note, type Page, printDocument, printedDocument, terminalFor, writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'

const options = { svg: text('<file>', 'draw the landscape into an SVG file'), json }
export type LandscapesOptions = OptionsOf<typeof options>

export const landscapes = command({
  name: 'landscapes',
  after: 'verify',
  arguments: ['[name]'],
  summary: 'list the preset landscapes, or show one with its gradient, minima and a picture',
  options,
  examples: ['landscapes', 'landscapes double-well --svg double-well.svg'],
  kinds: ['LandscapeList', 'Landscape'],
  act,
})

async function act(shell: Shell, name: string | undefined, options: LandscapesOptions): Promise<void> {
  if (name === undefined) {
    if (options.svg !== undefined)
      throw new CliError('USAGE', '--svg needs the name of a landscape', 'run `driftfarm landscapes NAME --svg FILE`')
    return listPresets(shell, options)
  }
  const preset = presetNamed(name)
  const resolved = resolveLandscape(name)
  const marks = marksOf(resolved)
  const figure = landscapeFigure(sceneOf(preset, resolved, marks))
  if (options.svg !== undefined) {
    const { headlessDocument, svgOf } = await import('@driftfarm/report/drawing')
    await writeAll(shell, [svgOf(figure, { document: headlessDocument() })], options.svg)
    note(shell, `wrote ${options.svg}`)
  }
  const picture = () => terminalFigure(figure, terminalFor(shell))
  const document = printedDocument(documents.Landscape, landscapeData(preset, resolved))
  const table = (page: Page) =>
    joinTables([String(documents.Landscape.table(asWritten(preset, resolved), page)), picture().join('\n')])
  await printDocument(shell, { ...document, table }, options)
}

/** Shows the general formula of the preset, which holds in any dimension. */
const asWritten = (preset: Preset, resolved: ResolvedPreset): LandscapeData => ({
  ...landscapeData(preset, resolved),
  expression: preset.expression,
})

function landscapeData({ name, summary, view }: Preset, resolved: ResolvedPreset): LandscapeData {
  return {
    name,
    summary,
    // The landscape of a preset is always a formula without data.
    ...resolved.landscape,
    data: null,
    batch: null,
    gradient: Object.fromEntries(gradientOf(resolved)),
    minima: Object.fromEntries(resolved.minima),
    losses: Object.fromEntries(marksOf(resolved).map((mark) => [mark.name, mark.loss])),
    view,
  }
}

function presetNamed(name: string): Preset {
  const preset = presets.find((one) => one.name === name)
  if (preset !== undefined) return preset
  const near = nearestWord(
    name,
    presets.map((one) => one.name),
  )
  throw new CliError(
    'NOT_FOUND',
    `no landscape ${name}${near === undefined ? '' : `: did you mean ${near}?`}`,
    '`driftfarm landscapes` lists all landscapes',
  )
}

/** Sums over coordinates are written out term by term. */
function gradientOf({ landscape: { variables, dimension, expression } }: ResolvedPreset): [string, string][] {
  const coordinates: { label: string; variable: Variable }[] =
    variables === null
      ? Array.from({ length: dimension }, (_, i) => ({
          label: `x[${i + 1}]`,
          variable: { name: 'x', index: build.number(i + 1), length: dimension },
        }))
      : variables.map((name) => ({ label: name, variable: { name } }))
  const loss = simplify(expand(parse(expression)))
  const gradient = [
    ...partials(
      loss,
      coordinates.map(({ variable }) => variable),
    ),
  ]
  return coordinates.map(({ label }, i) => [`dL/d${label}`, printExpression(simplify(gradient[i]!))])
}

function marksOf({ landscape, minima }: ResolvedPreset) {
  const loss = lossOf(landscape)
  return minima.map(([name, point]) => {
    const value = loss(Float64Array.from(point))
    return { name, at: point, loss: value === 0 ? 0 : value }
  })
}

/** Uses the project's own elementary functions. */
function lossOf({ expression, variables, parameters }: ResolvedPreset['landscape']): (theta: Float64Array) => number {
  const names = [...(variables ?? []), ...parameters.map(([name]) => name)]
  const slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
  const scalar = compileScalar(parseNumber(expression), slots)
  const values = Float64Array.from([...(variables ?? []).map(() => 0), ...parameters.map(([, value]) => value)])
  return (theta) => {
    if (variables !== null) values.set(theta)
    return scalar(values, [theta])
  }
}

/** The default dimension of every preset is one or two, so the figure shows all coordinates. */
function sceneOf(
  { name, view }: Preset,
  { landscape }: ResolvedPreset,
  marks: LandscapeScene['marks'],
): LandscapeScene {
  const loss = lossOf(landscape)
  const finite = (theta: readonly number[]): number | null => {
    const value = loss(Float64Array.from(theta))
    return Number.isFinite(value) ? value : null
  }
  const coordinates = view.map((_, i) => landscape.variables?.[i] ?? `x[${i + 1}]`)
  return { title: name, coordinates, view, ...sampleLosses(view, finite), marks, sentences: [] }
}

async function listPresets(shell: Shell, options: LandscapesOptions): Promise<void> {
  const all = (dataOf: typeof landscapeData) => ({
    landscapes: presets.map((preset) => dataOf(preset, resolveLandscape(preset.name))),
  })
  const table = (page: Page) => documents.LandscapeList.table(all(asWritten), page)
  await printDocument(shell, { ...printedDocument(documents.LandscapeList, all(landscapeData)), table }, options)
}
