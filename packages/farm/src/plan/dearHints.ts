import { dearConditions } from '@driftfarm/kernel'
import type { Cell, Demand, Sweep } from '@driftfarm/spec'

/** What each condition and each series takes that takes more than ten times as long as a step, and how to change it. */
export function dearHints(cell: Cell, observe: Demand['observe'] = []) {
  const { landscape } = cell
  return dearConditions(cell, observe).map(({ path, quantities, factor, every, steps: most }) => {
    const samples = landscape.kind === 'population' ? undefined : landscape.data?.rows
    const tests = landscape.kind === 'population' ? undefined : landscape.test?.rows
    const isTest = quantities.every((name) => name.startsWith('test'))
    const rows = isTest ? tests : samples
    const reads = rows === undefined ? '' : ` from all ${rows.toLocaleString('en')} ${isTest ? 'test ' : ''}samples`
    const when = every === 1 ? 'after each step' : `every ${every} steps`
    const times = Number(factor.toPrecision(2)).toLocaleString('en')
    const key = path.startsWith('observe.') ? 'value' : 'when'
    const steps = every === 1 ? 'the step' : 'these steps'
    return {
      text:
        `\`${path}\` computes ${quantities.join(' and ')}${reads} ${when}, which takes up to ${times} times as long ` +
        `as ${steps}`,
      hint: `write {${key}: "...", every: ${Math.min(most, roundedUp(factor * every))}}`,
    }
  })
}

/** The next of the numbers 1, 2, 5, 10, 20, 50 and so on. */
function roundedUp(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10)
}

/** The hints of the first and the last cell, as lines of text. */
export function dearConditionNotes(sweep: Sweep): readonly string[] {
  const cells = [...new Set([0, sweep.cellCount - 1])].map((index) => sweep.cell(index).cell)
  return [
    ...new Set(
      cells.flatMap((cell) => dearHints(cell, sweep.demand.observe)).map(({ text, hint }) => `${text}; ${hint}`),
    ),
  ]
}
