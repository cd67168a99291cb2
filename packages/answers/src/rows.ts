import {
  type Database,
  lightPrefixesOf,
  type Prefix,
  readOutcomes,
  sampled,
  sweepHead,
  trialAt,
} from '@driftfarm/database'
import { decodeOutcome, type Outcome } from '@driftfarm/kernel'
import {
  type RowRecord,
  type Rows,
  replicaColumns,
  replicaJson,
  rowColumns,
  rowJson,
  type Told,
  weightedColumns,
  weightedJson,
} from '@driftfarm/report'
import type { Method, RecordRule } from '@driftfarm/spec'

type Kind = Method['kind']

const columnsOf: Readonly<Record<Kind, readonly string[]>> = {
  direct: rowColumns,
  splitting: replicaColumns,
  tilt: weightedColumns,
}
/** Where the rows of cells are that are left out. */
const elsewhere: Readonly<Record<Kind, string>> = {
  direct: 'trial',
  splitting: 'replica',
  tilt: 'weighted',
}

/**
 * The kept rows of the trials that count, cell by cell. Another sweep may have kept more: only what this one asks for. Rows of one
 * output are of one kind: the direct cells', else those of the first cell's method; the others are named in a warning.
 */
export async function rowsOf(database: Database, sweepId: string): Promise<Rows & Pick<Told<unknown>, 'warnings'>> {
  const head = await sweepHead(database, sweepId)
  const { demand } = head
  const cells = await lightPrefixesOf(database, head)
  const kinds = [...new Set(cells.map(({ method }) => method))]
  const kind = kinds.includes('direct') ? 'direct' : (kinds[0] ?? 'direct')
  const warnings = kinds
    .filter((other) => other !== kind)
    .map((other) => {
      const count = cells.filter(({ method }) => method === other).length
      return `rows of ${count} ${count === 1 ? 'cell' : 'cells'} with method ${other} are left out: ask for them by driftfarm sql "select * from ${elsewhere[other]} where cell = .."`
    })
  const mine = demand.record.kind === 'none' ? [] : cells.filter(({ method }) => method === kind)
  return { columns: columnsOf[kind], records: recordsOf(database, mine, demand.record), warnings }
}

async function* recordsOf(database: Database, cells: readonly Prefix[], rule: RecordRule): AsyncGenerator<RowRecord> {
  for (const { index, id, layout, trials, method } of cells) {
    for await (const chunk of readOutcomes(database, id, 0, trials)) {
      for (let place = 0; place < chunk.count; place++) {
        const outcome = decodeOutcome(chunk.records, layout, place)
        const trial = trialAt(chunk, place)
        if (kept(rule, trial, outcome)) yield rowRecord(method, index, trial, outcome)
      }
    }
  }
}

function kept(rule: RecordRule, trial: number, { end, escapedAt, convergedAt }: Outcome): boolean {
  if (rule.kind === 'sample') return sampled(trial, rule.share)
  return rule.kind === 'all' || end !== 'undecided' || escapedAt !== null || convergedAt !== null
}

/** A trial of the cell with this index, named as its method means it. */
export function rowRecord(method: Kind, cell: number, trial: number, outcome: Outcome): RowRecord {
  const { end, exit, settled, class: class_, escapedAt, convergedAt, steps, loss, distance, marks } = outcome
  switch (method) {
    case 'splitting':
      return replicaJson({
        cell,
        replica: trial,
        estimate: loss,
        weight: distance,
        levels: escapedAt ?? 0,
        escaped: convergedAt ?? 0,
        steps,
        exits: Object.fromEntries(Object.entries(marks).map(([name, particles]) => [name, particles ?? 0])),
      })
    case 'tilt':
      return weightedJson({ cell, trial, value: loss, log_ratio: distance, exit, escaped_at: escapedAt, steps })
    case 'direct':
      return rowJson({
        cell,
        trial,
        end,
        exit,
        settled,
        class: class_,
        escaped_at: escapedAt,
        converged_at: convergedAt,
        steps,
        loss,
        distance,
        marks,
      })
  }
}
