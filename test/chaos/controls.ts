import { buildWith, type Replacement } from './build.ts'
import type { Lab } from './lab.ts'
import type { Row } from './row.ts'
import { runRow } from './run.ts'

/** A build without one safeguard, and the row of the fault table that must fail with this build. */
export interface Control {
  readonly name: string
  /** A description of the removed safeguard. */
  readonly without: string
  readonly replacements: readonly Replacement[]
  readonly row: string
  /** Scale of the row. */
  readonly scale: number
  /** Number of runs after which it counts as not caught. */
  readonly most: number
}

const database = 'packages/database/src'

export const controls: readonly Control[] = [
  {
    name: 'no-row-lock',
    without: 'row locks during a commit',
    replacements: [
      {
        file: `${database}/lease/commit.ts`,
        snippet: 'from farm.bundle u where u.id = $3 for update\n',
        by: 'from farm.bundle u where u.id = $3\n',
      },
      {
        file: `${database}/lease/commit.ts`,
        snippet: 'and first.bundles >= 0 limit 1 for update) p on true`',
        by: 'and first.bundles >= 0 limit 1) p on true`',
      },
    ],
    row: 'delivered-thrice',
    scale: 0.4,
    most: 5,
  },
  {
    name: 'ack-before-commit',
    without: 'waiting for the commit before the job is acknowledged',
    replacements: [
      {
        file: 'packages/worker/src/deliver.ts',
        snippet: '    await delivery.run()\n',
        by: '    delivery.run().catch(() => undefined)\n',
      },
    ],
    row: 'worker-kill',
    scale: 0.1,
    most: 3,
  },
  {
    name: 'no-reconcile',
    without: 'the comparison of ledger and queue',
    replacements: [
      {
        file: 'packages/coordinator/src/coordinator.ts',
        snippet: 'await reconciler.reconcile(queues, own, clock.now)',
        by: 'await Promise.resolve({ vanished: 0, lost: 0, suspected: 0, interrupted: 0 })',
      },
    ],
    row: 'redis-flush',
    scale: 0.05,
    most: 3,
  },
  {
    name: 'no-digest',
    without: 'the comparison of digests when a batch is committed again',
    replacements: [
      {
        file: `${database}/lease/commit.ts`,
        snippet: "if (done !== null && parseDigest(done.digest) !== digest) return 'violation'",
        by: "if (done !== null && parseDigest(done.digest) === null) return 'violation'",
      },
    ],
    row: 'other-bytes',
    scale: 1,
    most: 3,
  },
  {
    name: 'no-epoch',
    without: 'the check of the epoch when a leader writes',
    replacements: [
      {
        file: `${database}/ledger/leadership.ts`,
        snippet: "'select from farm.leader where id = 1 and epoch = $1 and until > now() for key share'",
        by: "'select from farm.leader where id = 1 and $1::bigint is not null for key share'",
      },
    ],
    row: 'two-leaders',
    scale: 0.5,
    most: 6,
  },
]

export interface Caught {
  readonly name: string
  readonly without: string
  readonly row: string
  /** Number of the run that noticed the missing safeguard; null if no run did. */
  readonly caughtIn: number | null
  readonly runs: number
  /** The violation that was noticed. */
  readonly said: string
  readonly seeds: readonly number[]
  readonly wallS: number
}

/** Runs the row on the build without the safeguard, with one seed after another, until a run fails. */
export async function runControl(control: Control, lab: Lab, rows: readonly Row[]): Promise<Caught> {
  const began = performance.now()
  const row = rows.find(({ name }) => name === control.row)
  if (row === undefined) throw new Error(`the control ${control.name} names the unknown row ${control.row}`)
  const build = await buildWith(`without-${control.name}`, control.replacements)
  const seeds: number[] = []
  let said = ''
  let caughtIn: number | null = null
  while (caughtIn === null && seeds.length < control.most) {
    const seed = lab.seed + seeds.length
    seeds.push(seed)
    const { broken, mistaken } = await runRow(
      row,
      lab.with({ instrumented: build, product: build }, seed, control.scale),
    )
    if (mistaken) throw new Error(`the control ${control.name} failed for another reason: ${broken}`)
    if (broken === null) continue
    caughtIn = seeds.length
    const [line = ''] = broken.split('\n')
    said = line.length > 240 ? `${line.slice(0, 240).trimEnd()}…` : line
  }
  const { name, without } = control
  return {
    name,
    without,
    row: row.name,
    caughtIn,
    runs: seeds.length,
    said,
    seeds,
    wallS: (performance.now() - began) / 1_000,
  }
}
