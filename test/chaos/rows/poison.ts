import type { TrialFault } from '../../../packages/worker/src/index.ts'
import { must } from '../check.ts'
import type { Row } from '../row.ts'
import { baseSweep, batch } from '../sweeps.ts'

const kinds: readonly { readonly kind: TrialFault['kind']; readonly does: string }[] = [
  { kind: 'throw', does: 'throws an error' },
  { kind: 'exit', does: 'ends the process of its thread' },
  { kind: 'memory', does: 'exhausts the memory of its thread' },
  { kind: 'loop', does: 'runs forever' },
]

const poisoned = ({ kind, does }: (typeof kinds)[number]): Row => ({
  name: `poison-${kind}`,
  fault: `one trial ${does} each time it is computed`,
  promise:
    'the batch of this trial fails, and the command names the batch and ends with code 3; all other batches ' +
    'finish',
  away: [],
  async run(lab, { farm: open }) {
    const farm = await open()
    await farm.coordinator()
    // Trials are short, because the deadline of a batch whose cell was never measured assumes the slowest formula.
    const sweep = baseSweep(lab.seed + 1, 60, { steps: 200 })
    const { id: cell } = sweep.sweep.cell(3)
    const faults = { poison: { trial: 2 * batch + 300, kind, cell } }
    await farm.instrumentedWorker({ threads: 2, faults, limits: { minDeadlineMs: 3_000 } })
    const { code, words } = await farm.command(['run', farm.file(sweep)])
    must(code === 3, `the command ended with ${code}: ${words.trim().split('\n').at(-1)}`)
    must(/cell 3, trials 2000 to 2999/.test(words), `the batch is not named: ${words.trim().slice(-300)}`)
    const [row] = await farm.query<{ id: string; state: string; done: number; failed: number }>(
      `select id, state, (select count(*)::int from farm.batch) as done,
              (select count(*)::int from farm.pending
                where state = 'failed' and cell_id = $1 and first = 2000) as failed
         from farm.sweep`,
      [cell],
    )
    must(row?.state === 'incomplete', `the sweep is ${row?.state}`)
    must(row?.failed === 1 && row.done === 59, `${row?.done} of 59 other batches are done, ${row?.failed} is failed`)
    await farm.audit(row!.id, sweep, { state: 'incomplete' })
    return { times: 1, notes: ['59 of 60 batches finished, and the command named the failed batch'] }
  },
})

export const poisonRows: readonly Row[] = kinds.map(poisoned)
