import { attended } from './driven.ts'
import { live } from './states.ts'

/** SQL: the state of sweep s as people see it: whose `run` died is interrupted, before any coordinator has noticed. */
export const shownState = (s: string): string =>
  `case when ${live(s)} and not ${attended(s)} then 'interrupted' else ${s}.state end`
