import type { Exact, OracleCell } from '../document/oracle.ts'
import { lawLines } from './lawLines.ts'
import { exponential, significant } from './quantity.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'
import { wrapped } from './text.ts'

export function renderOracle(cell: OracleCell, options: TableOptions = {}): string {
  const { chain, refused, answers, missing } = cell
  const head = `cell ${cell.index}${paramsText(cell)}`
  const laws = lawLines(cell, options)
  const after = laws.length === 0 ? [] : ['', ...laws]
  if (refused !== null || chain === null)
    return `${[...wrapped(`${head}: no exact answer: ${refused}`, options.width ?? 100), ...after].join('\n')}\n`
  const lines = [
    `${head}: ${chainText(chain)}`,
    '',
    renderRecords(
      ['name', 'value', 'error'],
      Object.entries(answers).map(([name, answer]) => [name, exactText(answer), answer.error.toExponential(0)]),
      options,
    ),
    ...reasonLines(answers, options.width ?? 100),
    ...Object.entries(missing).flatMap(([name, reason]) =>
      wrapped(`${name} is not known: ${reason}`, options.width ?? 100),
    ),
    chain.finite === undefined
      ? 'error: relative difference between two resolutions (absolute if the value is 0)'
      : 'error: relative rounding error (absolute if the value is 0)',
    ...after,
  ]
  return `${lines.join('\n')}\n`
}

function reasonLines(answers: OracleCell['answers'], width: number): string[] {
  const names = new Map<string, string[]>()
  for (const [name, { reason }] of Object.entries(answers))
    if (reason !== undefined) names.set(reason, [...(names.get(reason) ?? []), name])
  return [...names].flatMap(([reason, of]) => wrapped(`error of ${of.join(', ')}: ${reason}`, width))
}

function chainText({
  dimension,
  law,
  beta,
  eta,
  scale,
  temperature,
  finite,
}: NonNullable<OracleCell['chain']>): string {
  const isAdditive = finite === undefined || finite.form === 'additive'
  return [
    dimension === 1 ? 'one dimension' : `${dimension} dimensions`,
    ...(finite === undefined ? [`${law} drift`] : [driftText(finite.form, law)]),
    ...(beta === null ? [] : [`momentum ${beta}`]),
    `eta ${short(eta)}`,
    ...(isAdditive ? [`s ${short(scale)}`] : scaleText(finite.form, scale)),
    ...(temperature !== null ? [`T ${short(temperature)}`] : finite === undefined ? [noTemperature(law)] : []),
    ...(finite === undefined ? [] : [pointsText(finite)]),
  ].join(', ')
}

/** Distributions that may have no finite variance. */
const heavy: ReadonlySet<string> = new Set(['cauchy', 'stable', 'student'])

const noTemperature = (law: string): string =>
  heavy.has(law) ? 'no constant temperature' : 'eta or s changes from step to step'

type Finite = NonNullable<NonNullable<OracleCell['chain']>['finite']>

function driftText(form: Finite['form'], law: string): string {
  switch (form) {
    case 'none':
      return 'no drift'
    case 'several':
      return 'several drifts'
    case 'flip':
    case 'additive':
      return `${law} drift`
    default:
      return `${form} ${law} drift`
  }
}

function scaleText(form: Finite['form'], scale: number): string[] {
  if (form === 'none' || form === 'several') return []
  return [`${form === 'flip' ? 'q' : 'sigma'} ${short(scale)}`]
}

function pointsText({ points, apart }: Finite): string {
  const some = `${points} ${points === 1 ? 'point' : 'points'}`
  return apart === 0 ? some : `${some} (after merging points up to ${apart.toExponential(0)} apart)`
}

/** The value with as many digits as its error allows, at most 15. */
function exactText({ value, error }: Exact): string {
  if (value === 0) return '0'
  const digits = Math.min(15, Math.max(1, Math.floor(-Math.log10(Math.max(error, 1e-15)))))
  const text = value.toPrecision(digits)
  return Math.abs(value) < 1e-3 || text.includes('e') ? exponential(value, digits - 1) : text
}

const short = (value: number): string => significant(value, 6)

function paramsText({ params }: OracleCell): string {
  const entries = Object.entries(params).map(([path, value]) => `${path}=${JSON.stringify(value)}`)
  return entries.length === 0 ? '' : ` (${entries.join(', ')})`
}
