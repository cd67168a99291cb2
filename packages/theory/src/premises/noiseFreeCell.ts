import { build, freeNames, parseNumber, print, substitute } from '@driftfarm/formula'
import type { Cell, Landscape, Rule } from '@driftfarm/spec'

export function noiseFreeCell(cell: Cell): Cell {
  const { landscape, update } = cell
  return {
    ...cell,
    landscape: fullBatch(landscape),
    update: { ...update, rule: withoutXi(update.rule), drift: [] },
    method: { kind: 'direct' },
    streams: 'independent',
  }
}

export function isRandom({ landscape, update }: Cell): boolean {
  return update.drift.length > 0 || fullBatch(landscape) !== landscape || withoutXi(update.rule) !== update.rule
}

export function fullBatch(landscape: Landscape): Landscape {
  return landscape.kind === 'population' || landscape.batch === null ? landscape : { ...landscape, batch: null }
}

/**
 * Replaces xi, the standard normal number that a custom rule may draw, by its mean 0. If the rule does not
 * use xi, returns the same object, because `isRandom` compares the two objects.
 */
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
