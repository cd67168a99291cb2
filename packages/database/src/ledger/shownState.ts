import { attended } from './driven.ts'

/** SQL: the state of sweep s as people see it: whose `run` died is interrupted, before any coordinator has noticed. */
export const shownState = (s: string): string =>
  `case when ${s}.state in ('planned', 'running') and not ${attended(s)} then 'interrupted' else ${s}.state end`
