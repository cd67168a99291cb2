import { hasLiveOwner } from './schedulable.ts'
import { live } from './states.ts'

/**
 * SQL: the displayed state of sweep s. A sweep whose `run` died is shown as interrupted, even before a coordinator has
 * noticed.
 */
export const displayedState = (s: string): string =>
  `case when ${live(s)} and not ${hasLiveOwner(s)} then 'interrupted' else ${s}.state end`
