import type { Cell } from '@driftfarm/spec'
import type { WholeCellData } from '../document/cell.ts'
import { unitsOf } from '../document/fields.ts'
import { tickText } from '../format/digits.ts'
import { valueLabel } from '../format/label.ts'
import { countText, short } from '../format/quantity.ts'
import { sentenceOf, texts } from '../format/text.ts'

type Resolved = WholeCellData['resolved']

/** The settings that describe the trials of a cell in a few words; none if a report file does not know the cell. */
export function setupOf(resolved: Resolved): readonly (readonly [name: string, text: string])[] {
  if (resolved.landscape === undefined) return []
  const { landscape, start, update, trial, method } = resolved as unknown as Cell
  const isFormula = landscape.kind === 'formula'
  return [
    ['loss L', isFormula ? landscape.expression : `${landscape.kind}, ${landscape.dimension} weights`],
    ...(isFormula ? landscape.parameters.map(([name, value]) => [name, textOf(value)] as const) : []),
    ['start', start.kind === 'point' && start.point.length <= 4 ? textOf(start.point) : start.kind],
    ['step size eta', amountText(update.eta)],
    ['rule', textOf(update.rule)],
    ...(update.drift.length === 0 ? [['drift', 'none'] as const] : update.drift.flatMap(driftTexts)),
    ['steps', trial.steps.toLocaleString('en')],
    ['escape', escapeText(trial.escape)],
    ...(method.kind === 'direct' ? [] : [['method', textOf(method)] as const]),
  ]
}

const textOf = (value: unknown): string =>
  typeof value === 'number'
    ? tickText(value)
    : Array.isArray(value)
      ? `(${value.map(textOf).join(', ')})`
      : valueLabel(value)

function amountText(amount: unknown): string {
  const { kind, value } = amount as { kind?: string; value?: unknown }
  return textOf(kind === 'constant' ? value : amount)
}

const driftTexts = (drift: Cell['update']['drift'][number]) =>
  [
    ['drift', `${'law' in drift ? `${textOf(drift.law)} ` : ''}${drift.form}`],
    ['scale' in drift ? drift.scale : 'amount', amountText(drift.amount)],
  ] as const

function escapeText(escape: Cell['trial']['escape']): string {
  if (escape === null) return 'none'
  if (escape.kind === 'basin') return 'leaves its basin of attraction'
  if (escape.kind === 'outside') return `at least ${textOf(escape.radius)} from ${textOf(escape.of)}`
  return escape.exits.map(([name, when]) => (name === '' ? when : `${name}: ${when}`)).join('; ')
}

const methodOf = ({ method }: Resolved) => (method as { readonly kind: string } | undefined)?.kind

/**
 * What was computed, for readers who have only the figure. Settings in which the cells differ are on its axes, and are
 * left out. The first cell is from the sweep itself. Without others, the figure is about this cell.
 */
export function setupSentences(
  { sweep, cell, resolved }: Pick<WholeCellData, 'sweep' | 'cell' | 'resolved'>,
  others: readonly Pick<WholeCellData, 'resolved'>[],
): string[] {
  const setups = others.map((other) => new Map(setupOf(other.resolved)))
  const shared = setupOf(resolved).filter(([name, text]) => setups.every((setup) => setup.get(name) === text))
  const setup = shared.map(([name, text]) => `${name} ${text}`).join('; ')
  const { trials } = others.length === 0 ? cell : sweep
  const many = `${short(BigInt(trials))} ${unitsOf(others.length === 0 ? methodOf(resolved) : sweep.method)}`
  const state = sweep.state === 'complete' ? '' : ` and is ${sweep.state}`
  return texts(
    setup !== '' && sentenceOf(setup),
    others.length === 0
      ? `${many} in cell ${cell.index}.`
      : `The sweep has ${many} in ${countText(sweep.cells, 'cell')}${state}.`,
  )
}
