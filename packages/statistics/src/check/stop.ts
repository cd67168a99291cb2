import type { CheckEntry } from '../finding/cellFindings.ts'
import { good, note } from '../finding/check.ts'

/** The confidence interval allows for how the cell stopped, so no way of stopping casts doubt on the estimate. */
export const stop: CheckEntry = {
  ofTrials({ ended }) {
    switch (ended) {
      case null:
        return note('trials are still pending')
      case 'max':
        return note('stopped at the maximum number of trials without meeting a stopping rule', 'raise `until.max`')
      case 'budget':
        return note('the budget was used up before a stopping rule was met', 'raise `budget`')
      case 'trials':
        return good('stopped after the requested number of trials')
      default:
        return good(`stopped by the rule \`${ended}\``)
    }
  },
  proposesTrials: true,
}
