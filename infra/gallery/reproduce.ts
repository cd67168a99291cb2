import type { Entry, Ours } from './entry.ts'
import { alphaOf, judged } from './judge.ts'
import type { Outcome } from './page.ts'
import { studyOf, type Tier } from './study.ts'

/**
 * Runs the sweep of an entry and judges its rows. The full tier then shows the numbers at 95 %, without new trials. The
 * small tier shows them at the confidence of the test.
 */
export async function reproduced(entry: Entry, tier: Tier): Promise<Outcome> {
  const strict = await studyOf(entry, tier, 1 - alphaOf(entry))
  const rows = await judged(entry, strict)
  const study = tier.small === null ? await studyOf(entry, tier, 0.95) : strict
  const shown: Ours[] = []
  for (const { row } of rows) shown.push((await row.ours(study))!)
  return { entry, rows, shown, results: study.results }
}
