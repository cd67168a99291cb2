import type { Row } from '../row.ts'
import { baseSweep } from '../sweeps.ts'

const shares = [0.01, 0.05, 0.1] as const

const faultyPorts = (share: (typeof shares)[number]): Row => ({
  name: `ports-${100 * share}`,
  fault: `${100 * share} % of all calls to ledger and queue fail, either before or after they take effect`,
  promise: 'failed calls are repeated, no work is lost, and no batch counts as failed',
  away: ['queue'],
  async run(lab, { farm: open, pick }) {
    const farm = await open()
    const faulty = () => ({ share, seed: 1 + pick(1_000_000) })
    await farm.instrumentedCoordinator({ faulty: faulty(), bundle: 1 })
    const workers = [
      await farm.instrumentedWorker({ faulty: faulty() }),
      await farm.instrumentedWorker({ faulty: faulty() }),
    ]
    // Short batches, each in its own bundle, because the row tests calls.
    const sweep = baseSweep(lab.seed + 1, Math.max(24, lab.times(480)), { steps: 6_000 })
    const id = await farm.submit(sweep)
    await farm.complete(id)
    await farm.audit(id, sweep)
    await farm.settled()
    const duplicates = workers.flatMap(({ tales }) => tales).filter(({ ending }) => ending === 'duplicate').length
    const faults = farm.members.reduce((sum, { words }) => sum + (words.match(/^fault /gm)?.length ?? 0), 0)
    return { times: faults, duplicates }
  },
})

export const portRows: readonly Row[] = shares.map(faultyPorts)
