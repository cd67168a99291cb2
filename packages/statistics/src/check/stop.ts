import { type Check, check } from './check.ts'

/**
 * What ended the cell; `ended` is null while trials are still to come. The interval allows for each of these ways, so
 * none of them is a doubt.
 */
export function stopCheck(ended: string | null): Check {
  switch (ended) {
    case null:
      return check('stop', 'note', 'trials are still to come')
    case 'max':
      return check('stop', 'note', 'ended at its maximum of trials, no stop rule met', 'raise `until.max`')
    case 'budget':
      return check('stop', 'note', 'ended with the budget, no stop rule met', 'raise `budget`')
    case 'trials':
      return check('stop', 'good', 'ended at its number of trials')
    default:
      return check('stop', 'good', `ended by its rule ${ended}`)
  }
}
