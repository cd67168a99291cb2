import type { Entry, Ours, Row, Study, Theirs } from './entry.ts'
import { fisher } from './fisher.ts'

/** The maximum probability that a table with correct numbers reports a disagreement. */
const falseAlarm = 1e-6

const isTested = ({ theirs }: Row): boolean => theirs.kind !== 'said'

/** The part of it for each tested row of an entry. */
export const alphaOf = ({ rows }: Entry): number => falseAlarm / rows.filter(isTested).length

export interface Judged {
  readonly row: Row
  /** At the confidence 1 - alpha. */
  readonly ours: Ours
  readonly shown: readonly string[]
  /** Null if there is nothing to test. */
  readonly agrees: boolean | null
  /** The p-value of two counts. */
  readonly p: number | null
}

/** Every row that the run has cells for. The study has the confidence 1 - alpha of the entry. */
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
  if (!found.some(({ agrees }) => agrees !== null)) throw new Error(`${entry.name}: the run has no cell for any row`)
  return found
}

/** Whether our number, with limits at 1 - alpha, agrees with theirs. Null if there is nothing to test. */
function meets(theirs: Theirs, { low, high }: Ours): boolean | null {
  switch (theirs.kind) {
    case 'value': {
      const slack = theirs.slack ?? 0
      return low <= theirs.value + slack && high >= theirs.value - slack
    }
    // A claim has no number, so the whole interval must satisfy it.
    case 'range':
      return theirs.low <= low && high <= theirs.high
    default:
      return null
  }
}

function pValue(theirs: Theirs, { counts }: Ours): number | null {
  if (theirs.kind !== 'count') return null
  if (counts === undefined) throw new Error('a published count needs counts of ours')
  return fisher(counts.events, counts.trials, theirs.events, theirs.trials)
}
