import { groupedBy } from '@driftfarm/formula'
import type { Plain } from '@driftfarm/statistics'
import type { NotApplicable } from '@driftfarm/theory'
import {
  type Asymptotic,
  asymptoticShape,
  chainShape,
  type Exact,
  exactShape,
  type FinitePoints,
  type OracleAnswer,
} from '@driftfarm/theory/shapes'
import * as z from 'zod'
import { exponential, scientific, significant } from '../format/quantity.ts'
import { renderColumns, renderRecords, type TableOptions } from '../format/table.ts'
import { wrapped } from '../format/text.ts'
import { cellByCell, define } from './define.ts'
import { type Origin, originShape, paramsText, realShape, withRealsAsText } from './fields.ts'

/** An asymptotic law, with text in place of numbers that JSON lacks. */
const lawShape = asymptoticShape(realShape)
type LawStatement = Plain<z.infer<typeof lawShape>>

const cellShape = originShape.extend({
  refused: z.string().nullable().describe('Why there is no exact answer; null if there is one.'),
  chain: chainShape
    .nullable()
    .describe(
      'The chain that was computed: theta_{n+1} = theta_n - eta grad L(theta_n) + s xi. null if there is no ' +
        'exact answer.',
    ),
  answers: z.record(z.string(), exactShape).describe('Exact values, by name of the estimate.'),
  missing: z.record(z.string(), z.string()).describe('Why requested values are not known, by name of the estimate.'),
  laws: z.array(lawShape).describe('Statements of the asymptotic laws, or why they do not apply.'),
})
export type OracleCell = Plain<z.infer<typeof cellShape>>

const oracleShape = z.strictObject({ sweep: z.strictObject({ name: z.string() }), cells: z.array(cellShape) })
export type OracleData = Plain<z.infer<typeof oracleShape>>

/** What `oracle` prints. */
export const oracle = define('Oracle', oracleShape, { table: cellByCell(renderOracle) })

/** A cell without its origin. */
export function oracleParts(
  found: OracleAnswer | NotApplicable,
  laws: readonly Asymptotic[],
): Omit<OracleCell, keyof Origin> {
  const isRefused = 'reason' in found
  const { chain, answers, missing } = isRefused ? { chain: null, answers: [], missing: [] } : found
  return {
    refused: isRefused ? found.reason : null,
    chain,
    answers: Object.fromEntries(answers.map(({ name, ...answer }) => [name, answer])),
    missing: Object.fromEntries(missing.map(({ name, reason }) => [name, reason])),
    laws: withRealsAsText<LawStatement[]>(laws),
  }
}

export function renderOracle(cell: OracleCell, options: TableOptions = {}): string {
  const { chain, refused, answers, missing } = cell
  const head = `cell ${cell.index}${paramsText(cell.params)}`
  const laws = lawLines(cell, options)
  const after = laws.length === 0 ? [] : ['', ...laws]
  const { width = 100 } = options
  if (refused !== null || chain === null)
    return `${[...wrapped(`${head}: no exact answer: ${refused}`, width), ...after].join('\n')}\n`
  const lines = [
    `${head}: ${chainText(chain)}`,
    '',
    renderColumns(options, Object.entries(answers), [
      ['name', ([name]) => name],
      ['value', ([, answer]) => exactText(answer)],
      ['error', ([, { error }]) => error.toExponential(0)],
    ]),
    ...reasonLines(answers, width),
    ...Object.entries(missing).flatMap(([name, reason]) => wrapped(`${name} is not known: ${reason}`, width)),
    chain.finite === undefined
      ? 'error: relative difference between two resolutions (absolute if the value is 0)'
      : 'error: relative rounding error (absolute if the value is 0)',
    ...after,
  ]
  return `${lines.join('\n')}\n`
}

function reasonLines(answers: OracleCell['answers'], width: number): string[] {
  const explained = Object.entries(answers).flatMap(([name, { reason }]) =>
    reason === undefined ? [] : { name, reason },
  )
  return [...groupedBy(explained, ({ reason }) => reason)].flatMap(([reason, alike]) =>
    wrapped(`error of ${namesOf(alike)}: ${reason}`, width),
  )
}

const namesOf = (named: readonly { readonly name: string }[]): string => named.map(({ name }) => name).join(', ')

function chainText(chain: NonNullable<OracleCell['chain']>): string {
  const { dimension, law, beta, eta, scale, temperature, finite } = chain
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

function driftText(form: FinitePoints['form'], law: string): string {
  if (form === 'none') return 'no drift'
  if (form === 'several') return 'several drifts'
  return form === 'flip' || form === 'additive' ? `${law} drift` : `${form} ${law} drift`
}

function scaleText(form: FinitePoints['form'], scale: number): string[] {
  if (form === 'none' || form === 'several') return []
  return [`${form === 'flip' ? 'q' : 'sigma'} ${short(scale)}`]
}

function pointsText({ points, apart }: FinitePoints): string {
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

/** For each quantity of the laws, the name of the exact answer with which it is compared. */
const exactNames: Readonly<Record<string, string>> = {
  ratePerStep: 'rate',
  meanExitStep: 'meanExitStep',
  probability: 'escape',
}

/** The quantities of the laws that apply. The last text of a row is the deviation from the exact value. */
export const lawRows = ({ laws, answers }: Pick<OracleCell, 'laws' | 'answers'>) =>
  laws.flatMap((law) =>
    Object.entries(law.applies ? law.quantities : {}).map(([quantity, { value, unit }], at) => {
      const exact = answers[exactNames[quantity] ?? '']?.value
      return [at === 0 ? law.name : '', quantity, lawNumber(value), unit, againstExact(value, exact)] as const
    }),
  )

function lawLines({ laws, answers }: OracleCell, options: TableOptions): string[] {
  const width = options.width ?? 100
  const applied = laws.filter((law) => law.applies)
  const rows = lawRows({ laws, answers })
  const hanging = (text: string, indent = '') =>
    wrapped(text, width - 2 - indent.length).map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`)
  return [
    ...(rows.length === 0
      ? []
      : [renderRecords(['law', 'quantity', 'value', 'unit', 'vs exact'], rows, options).trimEnd(), '']),
    // Laws with the same assumptions are grouped, so that each assumption is listed once.
    ...[...groupedBy(applied, ({ conditions }) => conditions.join('\n')).values()].flatMap((alike) => [
      `${namesOf(alike)}:`,
      ...alike[0]!.conditions.flatMap((condition) => hanging(condition, '  ')),
    ]),
    ...applied.flatMap(({ name, error }) => hanging(`${name} error: ${error}`)),
    ...laws.flatMap((law) => (law.applies ? [] : hanging(`${law.name} does not apply: ${law.reason}`))),
  ]
}

const lawNumber = (value: number | string): string => scientific(value, 5, 1e6)

function againstExact(value: number | string, exact: number | undefined): string {
  if (typeof value === 'string' || exact === undefined || exact === 0) return ''
  const percent = Number((100 * (value / exact - 1)).toPrecision(2))
  return `${percent > 0 ? '+' : ''}${percent} %`
}
