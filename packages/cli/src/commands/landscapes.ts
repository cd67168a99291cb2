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
  type Curve,
  type Mark,
  markLetter,
  renderRecords,
  type Surface,
  svgCurve,
  svgSurface,
  terminalCurve,
  terminalSurface,
} from '@driftfarm/report'
import { type Preset, presets, type ResolvedPreset, resolveLandscape } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { note, pageOf, print, printJson, terminalFor, writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'

export interface LandscapesOptions {
  readonly svg?: string
  readonly json?: boolean
}

/** All presets, or one with its formula, gradient and minima, and a picture of it. */
export async function landscapes(shell: Shell, name: string | undefined, options: LandscapesOptions): Promise<void> {
  if (name === undefined) {
    if (options.svg !== undefined)
      throw new CliError('USAGE', '--svg draws one landscape', 'name it: `driftfarm landscapes NAME --svg FILE`')
    return listPresets(shell, options)
  }
  const preset = presetNamed(name)
  const resolved = resolveLandscape(name)
  const { landscape } = resolved
  const gradient = gradientOf(resolved)
  const marks = marksOf(resolved)
  const scene = sceneOf(preset, resolved, marks)
  if (options.svg !== undefined) {
    await writeAll(shell, [scene.dimension === 1 ? svgCurve(scene) : svgSurface(scene)], options.svg)
    note(shell, `wrote ${options.svg}`)
  }
  if (options.json === true) return printJson(shell, 'Landscape', landscapeData(preset, resolved))
  await print(
    shell,
    renderRecords(
      ['', ''],
      [
        ['landscape', `${name}: ${preset.summary}`],
        ['dimension', `${landscape.dimension}${preset.variables === null ? ' (any: write `dimension:`)' : ''}`],
        ['L', preset.expression],
        ...gradient,
        ...landscape.parameters.map(([parameter, value]) => [parameter, String(value)]),
        ...marks.map(({ name: minimum, at, loss }, index) => [
          `minimum ${markLetter(index)}`,
          `${minimum} (${at.join(', ')}), L = ${loss}`,
        ]),
      ],
      { width: pageOf(shell).width },
    ),
  )
  const terminal = terminalFor(shell)
  const lines = scene.dimension === 1 ? terminalCurve(scene, terminal) : terminalSurface(scene, terminal)
  await print(shell, `\n${lines.join('\n')}`)
}

/** All that is known of a preset at its defaults. */
function landscapeData({ name, summary, view }: Preset, resolved: ResolvedPreset) {
  return {
    name,
    summary,
    ...resolved.landscape,
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
    '`driftfarm landscapes` lists them',
  )
}

/** A partial derivative a coordinate, sums over coordinates written out, as text that a formula can hold. */
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

function marksOf({ landscape, minima }: ResolvedPreset): readonly Mark[] {
  const loss = lossOf(landscape)
  return minima.map(([name, point]) => {
    const value = loss(Float64Array.from(point))
    return { name, at: point, loss: value === 0 ? 0 : value }
  })
}

/** The loss by the project's own elementary functions. */
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

/** The default dimension of every preset is one or two, so all of it is seen. */
function sceneOf(
  { name, view }: Preset,
  { landscape }: ResolvedPreset,
  marks: readonly Mark[],
): ({ dimension: 1 } & Curve) | ({ dimension: 2 } & Surface) {
  const loss = lossOf(landscape)
  const axis = (i: number) => landscape.variables?.[i] ?? `x[${i + 1}]`
  const [across, up] = view
  if (across === undefined) throw new Error(`${name} has no view`)
  return up === undefined
    ? { dimension: 1, title: name, axis: axis(0), view: across, loss: (x) => loss(Float64Array.of(x)), marks }
    : {
        dimension: 2,
        title: name,
        axes: [axis(0), axis(1)],
        view: [across, up],
        loss: (x, y) => loss(Float64Array.of(x, y)),
        marks,
      }
}

async function listPresets(shell: Shell, { json }: LandscapesOptions): Promise<void> {
  if (json === true)
    return printJson(shell, 'LandscapeList', {
      landscapes: presets.map((preset) => landscapeData(preset, resolveLandscape(preset.name))),
    })
  const rows = presets.map(({ name, expression }) => {
    const { landscape, minima } = resolveLandscape(name)
    return [name, landscape.dimension, minima.map(([minimum]) => minimum).join(' '), expression]
  })
  await print(shell, renderRecords(['name', 'dimension', 'minima', 'L'], rows, { width: pageOf(shell).width }))
}
