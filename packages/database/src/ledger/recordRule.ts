import type { RecordRule } from '@driftfarm/spec'

/** Whether the rows recorded under rule `have` include all rows that rule `want` requests. */
export function covers(have: RecordRule, want: RecordRule): boolean {
  if (have.kind === 'all' || want.kind === 'none') return true
  if (have.kind === 'sample' && want.kind === 'sample') return have.share >= want.share
  return have.kind === want.kind
}

/** The rule with the fewest rows that covers both rules. */
export function union(a: RecordRule, b: RecordRule): RecordRule {
  if (covers(a, b)) return a
  return covers(b, a) ? b : { kind: 'all' }
}
