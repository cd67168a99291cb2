import { join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { type CellOfResults, runToResults } from '@driftfarm/testing/results'
import { expect, test } from 'vitest'

const home = servedHome()

const example = join(root, 'examples/phase-map.yaml')
const halfWidth = ({ estimates: { escape: escaping } }: CellOfResults) =>
  (escaping!.high - escaping!.low) / 2 / escaping!.value

/** Trials of all cells if each had what gives the rarest a fixed-size interval as wide as the worst here. */
async function equalBudgets(cells: readonly CellOfResults[]): Promise<number> {
  const rarest = Math.min(...cells.map(({ estimates }) => estimates.escape!.value))
  const worst = Math.max(...cells.map(halfWidth))
  const sought = ['--relative', String(worst), '--confidence', '0.95', '--probability', String(rarest)]
  const { code, stdout, stderr } = await driftfarm(['plan', example, ...sought, '--json'], { home })
  expect(code, stderr).toBe(0)
  const { data } = JSON.parse(stdout) as { data: { sizing: { cells: { trials: number }[] } } }
  return data.sizing.cells[0]!.trials * cells.length
}

const total = (cells: readonly CellOfResults[]) => cells.reduce((sum, { trials }) => sum + trials, 0)

test('over a phase map a stopping rule takes a third of the trials of equal budgets, or less', {
  timeout: 600_000,
}, async () => {
  const { sweep, cells } = await runToResults(example, home)
  expect(sweep.cells).toBe(200)
  expect(cells.every(({ stopped }) => stopped.rule === 'relative')).toBe(true)
  const probabilities = cells.map(({ estimates }) => estimates.escape!.value)
  expect(Math.max(...probabilities)).toBeGreaterThan(0.35)
  expect(Math.min(...probabilities)).toBeLessThan(0.0012)
  const ruled = total(cells)
  const equal = await equalBudgets(cells)
  console.info(`${ruled} trials by the rule, ${equal} by equal budgets: ${(equal / ruled).toFixed(2)} times as many`)
  expect(equal / ruled).toBeGreaterThan(3)
})

test('gamma times take a third of that again', { timeout: 600_000 }, async () => {
  // Of other trials: a rule that is chosen after a look at them has the wider intervals of a look.
  const { cells } = await runToResults(example, home, ['--set', 'until.method=gbas', '--set', 'seed=2'])
  expect(cells.every(({ stopped }) => stopped.rule === 'gbas')).toBe(true)
  const ruled = total(cells)
  const equal = await equalBudgets(cells)
  console.info(`${ruled} trials by gamma times, ${equal} by equal budgets: ${(equal / ruled).toFixed(2)} times as many`)
  expect(equal / ruled).toBeGreaterThan(9)
})

test('a budget that ends first is exit code 3, and as even as can be', { timeout: 600_000 }, async () => {
  const budget = 5_000_000
  const { cells } = await runToResults(example, home, ['--set', `budget=${budget}`], {}, 3)
  expect(total(cells)).toBeLessThanOrEqual(budget)
  expect(total(cells)).toBeGreaterThan(0.8 * budget)
  // But for those that were narrow enough at their first check point.
  const ended = cells.filter(({ stopped, trials }) => stopped.rule === 'budget' && trials > 1000).map(halfWidth)
  expect(ended.length).toBeGreaterThan(3)
  expect(Math.max(...ended) / Math.min(...ended)).toBeLessThan(3)
})
