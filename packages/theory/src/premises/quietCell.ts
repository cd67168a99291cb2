import { build, freeNames, parseNumber, print, substitute } from '@driftfarm/formula'
import type { Cell, Landscape, Rule } from '@driftfarm/spec'

/** The cell as plain descent by its own rule: no drift, the full batch, and no noise that the rule draws itself. */
export function quietCell(cell: Cell): Cell {
  const { landscape, update } = cell
  return {
    ...cell,
    landscape: fullBatch(landscape),
    update: { ...update, rule: withoutXi(update.rule), drift: [] },
    method: { kind: 'direct' },
    streams: 'independent',
  }
}

/** Whether steps of the cell are random at all, by drift, by batches, or by the rule. */
export function isRandom({ landscape, update }: Cell): boolean {
  return update.drift.length > 0 || fullBatch(landscape) !== landscape || withoutXi(update.rule) !== update.rule
}

export function fullBatch(landscape: Landscape): Landscape {
  return landscape.kind === 'population' || landscape.batch === null ? landscape : { ...landscape, batch: null }
}

/** A custom rule may draw xi, a standard normal: its mean, 0, takes its place. */
function withoutXi(rule: Rule): Rule {
  if (rule.kind !== 'custom') return rule
  const texts = [rule.theta, ...rule.state.map(({ next }) => next)]
  if (!texts.some((text) => freeNames(parseNumber(text, { rule: true })).names.has('xi'))) return rule
  const still = (text: string) =>
    print(substitute(parseNumber(text, { rule: true }), new Map([['xi', build.number(0)]])))
  return {
    ...rule,
    state: rule.state.map((state) => ({ ...state, next: still(state.next) })),
    theta: still(rule.theta),
  }
}
