import { countText } from '@driftfarm/report'
import { useTitle } from '../../app/useTitle.ts'
import { useLiveFarm } from '../../live/liveness.tsx'
import { RecentActivity } from '../../parts/Activity.tsx'
import { FailuresOf } from '../../parts/FailuresOf.tsx'
import { counted, timeText } from '../../parts/format.ts'
import { HelpedHeading } from '../../parts/Help.tsx'
import { SweepLink } from '../../parts/links.tsx'
import { Facts, Failure, Notice, Waiting } from '../../parts/states.tsx'
import { Table } from '../../parts/Table.tsx'

export function FarmView() {
  const { value, error } = useLiveFarm()
  useTitle('Farm')
  if (error !== null) return <Failure title="Farm" error={error} />
  if (value === null) return <Waiting>Loading the farm</Waiting>
  if (value.farm === null)
    return (
      <p className="empty">
        A report file contains no information about its farm. To see the farm, press <q>Back to the farm</q> above.
      </p>
    )
  const { farm, processes, threads, queue, lastMinute, database } = value.farm
  const inKernel = Math.min(1, lastMinute.cpuSeconds / (60 * threads))
  const used = threads === 0 ? '–' : `${Math.round(inKernel * 100)} % of ${countText(threads, 'thread')}`
  const failed = queue.failed > 0 ? `, ${counted(queue.failed)} failed` : ''
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`
  return (
    <section>
      <h1>Farm</h1>
      <Notice text={farm?.words} />
      <Facts
        facts={[
          ['Batches', `${counted(queue.running)} running, ${counted(queue.waiting)} waiting${failed}`],
          ['Last minute', `${counted(lastMinute.trials)} trials in ${counted(lastMinute.batches)} batches`],
          ['Thread utilisation', used, "share of the threads' time that was spent in kernels"],
          [
            'Database',
            `PostgreSQL ${database.version}, ${gib(database.bytes)} (${gib(database.outcomeBytes)} of recorded rows)`,
          ],
        ]}
      />
      <h2>Processes</h2>
      {processes.length === 0 ? (
        <p className="empty">
          No processes are running. Start a coordinator and a worker with <code>driftfarm up</code>.
        </p>
      ) : (
        <Table
          label="Processes"
          columns={[
            { name: 'Process', show: ({ id }) => id, titleOf: ({ host, kernel }) => `${host}, kernel ${kernel}` },
            {
              name: 'Role',
              show: ({ kind, leads, state }) =>
                `${kind}${leads ? ', leading' : ''}${state === 'alive' ? '' : `, ${state}`}`,
            },
            { name: 'Threads', is: 'number', show: ({ threads: own }) => own || '' },
            {
              name: 'Running',
              title: 'number of running batches, by sweep',
              show: ({ now, threads: own }) =>
                now.length === 0
                  ? own > 0 && 'idle'
                  : now.map(({ sweep, name, batches }, place) => (
                      <span key={sweep}>
                        {place > 0 ? ', ' : ''}
                        <SweepLink id={sweep}>{name}</SweepLink> ({batches})
                      </span>
                    )),
            },
            { name: 'Trials', is: 'number', show: ({ trials }) => counted(trials) },
            { name: 'CPU time', is: 'number', show: ({ cpuSeconds }) => `${counted(Math.round(cpuSeconds))} s` },
            { name: 'Engine', show: ({ engine }) => engine ?? '' },
            { name: 'Started', is: 'nowrap', show: ({ startedAt }) => timeText(startedAt) },
          ]}
          rows={processes}
          keyOf={({ id }) => id}
        />
      )}
      <HelpedHeading to="activity">Recent activity</HelpedHeading>
      <RecentActivity />
      <h2>Failures</h2>
      <FailuresOf sweep={null} />
    </section>
  )
}
