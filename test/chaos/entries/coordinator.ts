import { createLedger, openDatabase } from '@driftfarm/database'
import { processId } from '@driftfarm/farm'
import { seeded, withFaults } from '@driftfarm/testing/withFaults'
import { createCoordinator, type QueuePort } from '../../../packages/coordinator/src/index.ts'
import { type DeadlyCall, type LeaderInstruments, tellFault } from './instruments.ts'
import { severalQueues } from './queues.ts'

// An instrumented coordinator: `driftfarm coordinator` with the changes in its first argument.
const given = JSON.parse(process.argv[2] ?? '{}') as LeaderInstruments
const database = await openDatabase({ url: process.env.DATABASE_URL ?? '', max: 6 })
const { factory, all } = severalQueues(given.queues, given.queueLimits)
const holder = processId('coordinator')
const random = seeded(given.seed ?? 1)

let calls = 0
const at = (call: DeadlyCall): void => {
  if (given.dies?.at === call && ++calls === given.dies.nth) process.kill(process.pid, 'SIGKILL')
}
const ports: QueuePort[] = all.map((each) => each.producer())
const port: QueuePort = {
  async add(jobs) {
    at('add')
    const shuffled = ports.length === 1 ? jobs : jobs.toSorted(() => random() - 0.5)
    for (const each of ports) await each.add(shuffled)
    at('added')
  },
  async keys() {
    const keys = await ports[0]!.keys()
    at('keys')
    return keys
  },
  server: () => ports[0]!.server(),
}
const spoiled = given.faulty === undefined ? null : { share: given.faulty.share, random: seeded(given.faulty.seed) }
const queue = spoiled === null ? port : withFaults(port, { ...spoiled, onFault: tellFault })
const coordinator = createCoordinator({
  database,
  ledger: createLedger(database),
  queue: { producer: () => queue, place: factory.place },
  holder,
  kind: 'coordinator',
  ...(given.batch === undefined ? {} : { batch: given.batch }),
  ...(given.limits === undefined ? {} : { limits: given.limits }),
  ...(given.bundle === undefined ? {} : { bundle: given.bundle }),
  onTrouble: (error) => void process.stderr.write(`trouble: ${error.message}\n`),
})
await coordinator.start()
process.stderr.write(`coordinator ${holder} ready\n`)
process.once('SIGTERM', async () => {
  await coordinator.stop()
  await factory.close()
  await database.close()
  process.exit(0)
})
