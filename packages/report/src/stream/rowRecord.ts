import { type OutcomeRecord, rowOf } from '@driftfarm/kernel'
import { type ReplicaRow, replicaJson } from '../document/replica.ts'
import { rowJson, type TrialRow } from '../document/trial.ts'
import { type WeightedRow, weightedJson } from '../document/weighted.ts'
import type { RowRecord } from './renderRows.ts'

/** The record of one trial or replica as a row in plain JSON, with the index of its cell. */
export function rowRecord(cell: number, trial: number, record: OutcomeRecord): RowRecord {
  const row = rowOf(cell, trial, record) as unknown
  switch (record.kind) {
    case 'replica':
      return replicaJson(row as ReplicaRow)
    case 'weighted':
      return weightedJson(row as WeightedRow)
    case 'trial':
      return rowJson(row as TrialRow)
  }
}
