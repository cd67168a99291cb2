import { addDigests, recordDigest } from '../outcome/digest.ts'
import { ends, type RecordLayout } from '../outcome/outcome.ts'
import { encodeRecord, endOf, type ReplicaRecord } from '../outcome/record.ts'
import type { BatchResult } from '../outcome/tally.ts'
import { addTallies, type Digest, type Tally, zeroTally } from '../outcome/tally.ts'
import { exactUnits, sumsOf, type ValueTally, valueBin, zeroSums } from '../outcome/values.ts'
import type { Simulate } from './particle.ts'
import { type Replica, type ReplicaPlan, runReplica } from './replica.ts'

/** Runs the replicas [first, first + count) as trials. If `simulate` was stopped, `completed` is false. */
export function runReplicas(
  plan: ReplicaPlan & { readonly layout: RecordLayout },
  { first, count }: { readonly first: number; readonly count: number },
  horizons: readonly number[],
  simulate: Simulate,
): BatchResult & { readonly records: Uint8Array } {
  const { layout } = plan
  const records = new Uint8Array(count * layout.bytes)
  let tally = zeroTally(layout, horizons)
  let digest: Digest = 0n
  for (let i = 0; i < count; i++) {
    const replica = runReplica(plan, first + i, simulate)
    if (replica === null) {
      return { completed: false, records, theta: null, tally: zeroTally(layout, horizons), digest: 0n }
    }
    const record = encodeRecord(recordOf(replica, layout), layout)
    records.set(record, i * layout.bytes)
    tally = addTallies(tally, tallyOf(replica, layout, horizons))
    digest = addDigests(digest, recordDigest(first + i, record))
  }
  return { completed: true, records, theta: null, tally, digest }
}

function recordOf({ estimate, weight, levels, exits, steps }: Replica, layout: RecordLayout): ReplicaRecord {
  return {
    kind: 'replica',
    estimate,
    weight,
    levels: levels.length,
    escaped: exits.reduce((sum, count) => sum + count, 0),
    exits: Object.fromEntries(layout.marks.map((name) => [name, exits[layout.exits.indexOf(name)]!])),
    steps,
  }
}

function tallyOf(replica: Replica, layout: RecordLayout, horizons: readonly number[]): Tally {
  const record = recordOf(replica, layout)
  const end = endOf(record)
  return {
    ...zeroTally(layout, horizons),
    trials: 1,
    ends: ends.map((each) => (each === end ? 1 : 0)),
    escaped: end === 'escaped' ? 1 : 0,
    marks: layout.marks.map((name) => (record.exits[name]! > 0 ? 1 : 0)),
    steps: BigInt(replica.steps),
    values: valuesOf(replica, layout),
  }
}

function valuesOf({ estimate, exits, levels, extinct }: Replica, layout: RecordLayout): ValueTally {
  const escaped = exits.reduce((sum, count) => sum + count, 0)
  // If all escaped particles took this exit, the estimate itself is used: the quotient could differ from it by a
  // rounding error.
  const by = (count: number) =>
    count === 0 ? zeroSums : sumsOf(count === escaped ? estimate : (estimate * count) / escaped)
  return {
    all: sumsOf(estimate),
    exits: layout.marks.map((name) => by(exits[layout.exits.indexOf(name)]!)),
    extinct: extinct ? 1 : 0,
    levels: levels.length,
    histogram: estimate > 0 ? [[valueBin(estimate), 1]] : [],
    decades: decadesOf(levels),
  }
}

/**
 * The weight of a level estimates the probability of exceeding its score. For each of the numbers 1/10, 1/100, ..,
 * returns the score of the first level whose weight is positive and at most this number. If there is no such level, the
 * number is left out.
 */
function decadesOf(levels: Replica['levels']): [number, number, bigint][] {
  const passed: [number, number, bigint][] = []
  let next = 0.1
  for (const { score, weight } of levels) {
    for (; weight <= next && weight > 0; next /= 10) passed.push([passed.length + 1, 1, exactUnits(score)])
  }
  return passed
}
