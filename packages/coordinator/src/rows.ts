import { type Database, prefixesOf, readOutcomes, sampled, sweepHead, trialAt } from '@driftfarm/database'
import { decodeOutcome, type Outcome } from '@driftfarm/kernel'
import type { TrialRow } from '@driftfarm/report'
import type { RecordRule } from '@driftfarm/spec'

/**
 * The kept rows of the trials that count, cell by cell. Another sweep may have kept more: only what this one asks for. Records
 * of replicas and of weighted trials have other fields; as in the view `trial`, they are left out.
 */
export async function* rowsOf(database: Database, sweepId: string): AsyncGenerator<TrialRow> {
  const { demand } = await sweepHead(database, sweepId)
  if (demand.record.kind === 'none') return
  for (const { index, id, layout, trials } of await prefixesOf(database, sweepId)) {
    if (layout.valued) continue
    for await (const chunk of readOutcomes(database, id, 0, trials)) {
      for (let place = 0; place < chunk.count; place++) {
        const outcome = decodeOutcome(chunk.records, layout, place)
        const trial = trialAt(chunk, place)
        if (kept(demand.record, trial, outcome)) yield rowOf(index, trial, outcome)
      }
    }
  }
}

function kept(rule: RecordRule, trial: number, { end, escapedAt, convergedAt }: Outcome): boolean {
  if (rule.kind === 'sample') return sampled(trial, rule.share)
  return rule.kind === 'all' || end !== 'undecided' || escapedAt !== null || convergedAt !== null
}

const rowOf = (cell: number, trial: number, outcome: Outcome): TrialRow => ({
  cell,
  trial,
  end: outcome.end,
  exit: outcome.exit,
  settled: outcome.settled,
  class: outcome.class,
  escaped_at: outcome.escapedAt,
  converged_at: outcome.convergedAt,
  steps: outcome.steps,
  loss: outcome.loss,
  distance: outcome.distance,
  marks: outcome.marks,
})
