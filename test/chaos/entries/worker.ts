import { join } from 'node:path'
import { createLedger, openDatabase, type WorkLedger } from '@driftfarm/database'
import { processId } from '@driftfarm/farm'
import { seeded, withFaults } from '@driftfarm/testing/withFaults'
import { createWorker } from '../../../packages/worker/src/index.ts'
import { type TaleOfBatch, tellFault, type WorkerInstruments } from './instruments.ts'
import { severalQueues } from './queues.ts'

// A worker with instruments: `driftfarm worker` but for what its first argument says. Prints a line for each batch.
const given = JSON.parse(process.argv[2] ?? '{}') as WorkerInstruments
const { DATABASE_URL: url = '', DRIFTFARM_HOME: home = '' } = process.env
const database = await openDatabase({ url, max: 6 })
const { factory: queue } = severalQueues(given.queues, given.queueLimits)
const id = processId('worker')

const spoiled = (ledger: WorkLedger): WorkLedger => ({
  ...ledger,
  commit: (workerId, results) =>
    ledger.commit(
      workerId,
      results.map(({ lease, result }) => {
        const parts = result.parts.map((part) => ({ ...part, digest: part.digest ^ 1n }))
        return { lease, result: { ...result, parts } }
      }),
    ),
})
let ledger = createLedger(database)
if (given.wrong === true) ledger = spoiled(ledger)
if (given.faulty !== undefined) {
  const { share, seed } = given.faulty
  ledger = withFaults(ledger, { share, random: seeded(seed), except: ['renew', 'register'], onFault: tellFault })
}
const worker = createWorker({
  ledger,
  queue,
  id,
  kind: 'worker',
  threads: given.threads ?? 1,
  cacheFolder: join(home, 'cache'),
  threadFile: new URL('./thread.cjs', import.meta.url),
  ...(given.limits === undefined ? {} : { limits: given.limits }),
  ...(given.faults === undefined ? {} : { faults: given.faults }),
  onBatch({ lease: { cell, first, count }, ending, cpuSeconds, failure }) {
    const tale: TaleOfBatch = { ending, cell, first, count, cpuSeconds }
    process.stdout.write(`${JSON.stringify(failure ? { ...tale, failure: failure.message } : tale)}\n`)
  },
  onTrouble: (error) => void process.stderr.write(`trouble: ${error.message}\n`),
})
await worker.start()
process.stderr.write(`worker ${id} ready, ${given.threads ?? 1} threads\n`)
process.once('SIGTERM', async () => {
  await worker.drain({ timeoutMs: 10_000 })
  await worker.stop()
  await queue.close()
  await database.close()
  process.exit(0)
})
