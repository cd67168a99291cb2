import { differentiate, nearestWord, parse, print as printExpression, simplify } from '@driftfarm/formula'
import { renderRecords } from '@driftfarm/report'
import { presets, resolveLandscape } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { print, printJson, terminalWidth } from '../output.ts'

export async function landscapes(name: string | undefined, options: { json?: boolean }): Promise<void> {
  if (name === undefined) return listPresets(options)
  const preset = presets.find((one) => one.name === name)
  if (preset === undefined) {
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
  const { landscape, minima } = resolveLandscape(name)
  const loss = parse(landscape.expression)
  const gradient =
    landscape.variables === null
      ? [
          [
            'd/d x[k]',
            printExpression(simplify(differentiate(loss, { name: 'x', index: { kind: 'name', name: 'k' } }))),
          ],
        ]
      : landscape.variables.map((variable) => [
          `d/d ${variable}`,
          printExpression(simplify(differentiate(loss, { name: variable }))),
        ])
  if (options.json === true)
    return printJson('Landscape', {
      name,
      summary: preset.summary,
      ...landscape,
      gradient: Object.fromEntries(gradient),
      minima: Object.fromEntries(minima),
    })
  await print(
    renderRecords(
      ['', ''],
      [
        ['landscape', `${name}: ${preset.summary}`],
        ['dimension', String(landscape.dimension)],
        ['L', landscape.expression],
        ...gradient,
        ...landscape.parameters.map(([parameter, value]) => [parameter, String(value)]),
        ...minima.map(([minimum, point]) => [`minimum ${minimum}`, `(${point.join(', ')})`]),
      ],
      { width: terminalWidth() },
    ),
  )
}

async function listPresets(options: { json?: boolean }): Promise<void> {
  const rows = presets.map((preset) => {
    const { landscape, minima } = resolveLandscape(preset.name)
    return {
      name: preset.name,
      dimension: landscape.dimension,
      expression: landscape.expression,
      minima: minima.map(([minimum]) => minimum),
      summary: preset.summary,
    }
  })
  if (options.json === true) return printJson('LandscapeList', { landscapes: rows })
  await print(
    renderRecords(
      ['name', 'dimension', 'minima', 'L'],
      rows.map((row) => [row.name, row.dimension, row.minima.join(' '), row.expression]),
      { width: terminalWidth() },
    ),
  )
}
