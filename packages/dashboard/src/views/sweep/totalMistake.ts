import { specLimits } from '@driftfarm/spec'

/** Why a sweep whose cells have `now` trials cannot be extended to `total`; null if it can. */
export function totalMistake(total: number, now: number, units: string): string | null {
  if (!Number.isSafeInteger(total) || total < 1) return 'Enter a whole number, such as 20000 or 2e4.'
  if (total <= now)
    return `Each cell already has ${now} ${units}. Enter the total of old and new ${units}, which must be above ${now}.`
  return total > specLimits.trialsPerCell ? `A cell can have at most ${specLimits.trialsPerCell} ${units}.` : null
}
