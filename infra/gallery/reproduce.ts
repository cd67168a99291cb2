import type { Entry, Ours } from './entry.ts'
import { alphaOf, judged } from './judge.ts'
import type { Outcome } from './page.ts'
import { studyOf, type Tier } from './study.ts'

/** Runs the sweep of an entry and judges its rows; numbers are shown at 95 %, of which nothing is computed anew. */
export async function reproduced(entry: Entry, tier: Tier): Promise<Outcome> {
  const rows = await judged(entry, await studyOf(entry, tier, 1 - alphaOf(entry)))
  const study = await studyOf(entry, tier, 0.95)
  const shown: Ours[] = []
  for (const { row } of rows) shown.push((await row.ours(study))!)
  return { entry, rows, shown, results: study.results }
}
