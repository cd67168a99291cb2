import type { Entry, Ours, Row, Study, Theirs } from './entry.ts'
import { fisher } from './fisher.ts'

/** With this probability at most a page says that something disagrees of which everything agrees. */
export const falseAlarm = 1e-6

const isTested = ({ theirs }: Row): boolean => theirs.kind !== 'said'

/** What a row of an entry may take of it: the rows of a page together take it all. */
export const alphaOf = ({ rows }: Entry): number => falseAlarm / rows.filter(isTested).length

export interface Judged {
  readonly row: Row
  /** At the confidence 1 - alpha. */
  readonly ours: Ours
  readonly shown: readonly string[]
  /** Null where there is nothing to be tested. */
  readonly agrees: boolean | null
  /** Of two counts. */
  readonly p: number | null
}

/** Every row that the run has an answer to. The study is at the confidence 1 - alpha of the entry. */
export async function judged(entry: Entry, study: Study): Promise<readonly Judged[]> {
  const alpha = alphaOf(entry)
  const found: Judged[] = []
  for (const row of entry.rows) {
    const ours = await row.ours(study)
    if (ours === null) continue
    const { shown, holds } = (await row.beside?.(study, ours)) ?? { shown: [], holds: true }
    const p = pValue(row.theirs, ours)
    const agrees = p === null ? meets(row.theirs, ours) : p >= alpha
    found.push({ row, ours, shown, p, agrees: agrees === null ? null : agrees && holds })
  }
  if (!found.some(({ agrees }) => agrees !== null)) throw new Error(`${entry.name}: the run answers no row`)
  return found
}

/** Whether a number of ours, with limits at 1 - alpha, is what they say; null where that is not to be tested. */
function meets(theirs: Theirs, { low, high }: Ours): boolean | null {
  switch (theirs.kind) {
    case 'value': {
      const slack = theirs.slack ?? 0
      return low <= theirs.value + slack && high >= theirs.value - slack
    }
    // A claim, and no number of theirs: all of the interval has to lie within.
    case 'range':
      return theirs.low <= low && high <= theirs.high
    default:
      return null
  }
}

function pValue(theirs: Theirs, { counts }: Ours): number | null {
  if (theirs.kind !== 'count') return null
  if (counts === undefined) throw new Error('a count is compared with a count')
  return fisher(counts.events, counts.trials, theirs.events, theirs.trials)
}
