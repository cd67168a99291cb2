import type { WholeCellData } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { valueText } from '../../parts/format.ts'

type Resolved = WholeCellData['resolved']

/** The settings that describe the trials of a cell in a few words. */
export function settingsOf(resolved: Resolved): readonly (readonly [name: string, text: string])[] {
  // In a report file whose spec names other files, the resolved cell is not known.
  if (resolved.landscape === undefined) return []
  const { landscape, start, update, trial } = resolved as unknown as Cell
  return [
    [
      'Loss L',
      landscape.kind === 'formula' ? landscape.expression : `${landscape.kind}, ${landscape.dimension} weights`,
    ],
    ['Start', start.kind === 'point' && start.point.length <= 4 ? valueText(start.point) : start.kind],
    ['Step size eta', amountText(update.eta)],
    ['Rule', update.rule.kind],
    ['Drift', update.drift.map(driftText).join(' + ') || 'none'],
    ['Steps', trial.steps.toLocaleString()],
    ['Escape', escapeText(trial.escape)],
  ]
}

const amountText = (amount: unknown): string => {
  const { kind, value } = amount as { kind?: string; value?: unknown }
  return kind === 'constant' ? valueText(value) : valueText(amount)
}

function driftText(drift: Cell['update']['drift'][number]): string {
  const law = 'law' in drift ? `${drift.law.kind} ` : ''
  const scale = 'scale' in drift ? drift.scale : 'amount'
  return `${law}${drift.form}, ${scale} ${amountText(drift.amount)}`
}

function escapeText(escape: Cell['trial']['escape']): string {
  if (escape === null) return 'none'
  if (escape.kind === 'basin') return 'leaves its basin of attraction'
  if (escape.kind === 'outside') return `at least ${valueText(escape.radius)} from ${valueText(escape.of)}`
  return escape.exits.map(([name, when]) => (name === '' ? when : `${name}: ${when}`)).join('; ')
}
