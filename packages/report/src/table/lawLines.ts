import type { LawStatement, OracleCell } from '../document/oracle.ts'
import { exponential, significant } from './quantity.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'
import { wrapped } from './text.ts'

/** For each quantity of the laws, the name of the exact answer with which it is compared. */
const exactNames: Readonly<Record<string, string>> = {
  ratePerStep: 'rate',
  meanExitStep: 'meanExitStep',
  probability: 'escape',
}

type Applied = Extract<LawStatement, { applies: true }>

export function lawLines({ laws, answers }: OracleCell, options: TableOptions): string[] {
  const width = options.width ?? 100
  const applied = laws.filter((law) => law.applies)
  const rows = applied.flatMap(({ name, quantities }) =>
    Object.entries(quantities).map(([quantity, { value, unit }], at) => {
      const exact = answers[exactNames[quantity] ?? '']?.value
      return [at === 0 ? name : '', quantity, short(value), unit, againstExact(value, exact)]
    }),
  )
  const hanging = (text: string, indent = '') =>
    wrapped(text, width - 2 - indent.length).map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`)
  return [
    ...(rows.length === 0
      ? []
      : [renderRecords(['law', 'quantity', 'value', 'unit', 'vs exact'], rows, options).trimEnd(), '']),
    ...byConditions(applied).flatMap(({ names, conditions }) => [
      `${names}:`,
      ...conditions.flatMap((condition) => hanging(condition, '  ')),
    ]),
    ...applied.flatMap(({ name, error }) => hanging(`${name} error: ${error}`)),
    ...laws.flatMap((law) => (law.applies ? [] : hanging(`${law.name} does not apply: ${law.reason}`))),
  ]
}

const short = (value: number | string): string =>
  typeof value === 'string'
    ? value
    : value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
      ? exponential(value, 4)
      : significant(value, 5)

function againstExact(value: number | string, exact: number | undefined): string {
  if (typeof value === 'string' || exact === undefined || exact === 0) return ''
  const percent = Number((100 * (value / exact - 1)).toPrecision(2))
  return `${percent > 0 ? '+' : ''}${percent} %`
}

/** Groups laws with the same assumptions, so that each assumption is listed once. */
function byConditions(
  applied: readonly Applied[],
): { readonly names: string; readonly conditions: readonly string[] }[] {
  const groups = new Map<string, { names: string; conditions: readonly string[] }>()
  for (const { name, conditions } of applied) {
    const key = conditions.join('\n')
    const same = groups.get(key)
    groups.set(key, same === undefined ? { names: name, conditions } : { ...same, names: `${same.names}, ${name}` })
  }
  return [...groups.values()]
}
