/** A defect that a fault showed, of which the farm is rid, or is not. */
export interface Defect {
  readonly what: string
  /** Which fault showed it, and how it was looked at. */
  readonly found: string
  /** The decision or commit that mended it; null while it is not. */
  readonly mended: string | null
  /** What shows it again on a version that has it. */
  readonly again: string
}

const whatAFarmSays = '[0071](../decisions/0071-what-a-farm-says.md)'
const health = '[0086](../decisions/0086-one-state-of-health.md)'
const whatIsFinished = '[0079](../decisions/0079-what-is-finished.md)'
const stranded = '`npx vitest run packages/coordinator/src/faults.test.ts`'
const silenceAndClocks = '[0042](../decisions/0042-silence-and-clocks.md)'

/** Newest last. Whoever finds one adds it here: the page is written from it. */
export const defects: readonly Defect[] = [
  {
    what: 'Connections that fall silent without being closed: a sweep stayed `running` for as long as it was watched',
    found: 'established connections of workers to PostgreSQL, or of the leader to Redis, dropped in a TCP proxy',
    mended: silenceAndClocks,
    again: '`--only net-`',
  },
  {
    what: 'The clock of the database set back by an hour: jobs that the queue had lost were not fed again for an hour',
    found: 'libfaketime before the server, and FLUSHALL of Redis at the same moment',
    mended: silenceAndClocks,
    again: '`--only clock-`',
  },
  {
    what: 'Long trials kept the threads of a worker busy after the sweep that wanted them had gone',
    found: 'sweeps of long trials that were cancelled',
    mended: '[0041](../decisions/0041-threads.md): a kernel looks at a stop flag each millisecond',
    again: '`--only storm`',
  },
  {
    what: '`rm` of a sweep while its batches were committed ended in deadlocks, or left rows of cells without a sweep',
    found: 'sweeps removed while workers wrote to their batches',
    mended: '[0056](../decisions/0056-bundles.md): rows are locked in one order',
    again: '`--only storm`',
  },
  {
    what: 'A sweep that needs a newer kernel than the leader has stays `planned`: the old leader does not make room',
    found: 'a farm half of which was updated',
    mended: `${whatAFarmSays}: it gives way to a process of the newer version, and feeds workers of both`,
    again: '`npx vitest run packages/coordinator/src/versions.test.ts`',
  },
  {
    what: 'A full disk of the database had batches computed 3.5 times, since finished ones could not be stored',
    found: 'PostgreSQL on a file system of 64 MB',
    mended: `${whatAFarmSays}: what is finished is kept and stored when there is room`,
    again: '`--only disk-`',
  },
  {
    what: 'A table locked for longer than a statement may take (120 s) had finished batches count as failed',
    found: 'an access exclusive lock on `farm.batch` for 130 s, seed 1',
    mended: '715adf0: a statement that timed out is tried again',
    again: '`--only postgres-lock-long --seed 1`',
  },
  {
    what: 'A batch of a killed worker waited up to 23.1 s (p95 17.1): until the queue had looked twice',
    found: 'a random one of three workers killed every 1.5 s, seed 1, on a busy machine',
    mended: `${whatAFarmSays}: the leader looks for silent workers each second`,
    again: '`--only worker-kill --seed 1 --scale 0.15`',
  },
  {
    what: 'A sweep that was paused and resumed between two looks of the leader stood still: nobody fed what was parked',
    found: 'pause and resume within a second, on a loaded machine',
    mended: '0173702: resuming is told to the leader as a change of the sweep',
    again: '`--only storm`, by chance',
  },
  {
    what: 'A `run` or `watch` that followed a sweep ended with an error when the database was restarted',
    found: 'PostgreSQL killed while a client waited',
    mended: `${whatAFarmSays}: who waits goes on when the server is there again`,
    again: '`--only disk-home`',
  },
  {
    what: 'Commits that waited for a lock held both connections of a worker: without heartbeats it counted as dead',
    found: 'a table locked for 130 s, after workers had been given two connections',
    mended: '1d3e9fc: heartbeats have a connection of their own',
    again: '`--only postgres-lock-long --seed 1`',
  },
  {
    what: 'A sweep that was resumed as the database failed stood still: the leader took it for begun',
    found: 'reading how the leader begins with a sweep',
    mended: 'a sweep whose parked batches could not be made ready is begun anew at the next look',
    again: '`npx vitest run packages/coordinator/src/control.test.ts`',
  },
  {
    what: 'A job whose worker was killed between taking and leasing it waited up to 12 s more',
    found: 'a random one of three workers killed every 1.5 s, 200 times: one batch of 385 waited 20.4 s',
    mended: '[0074](../decisions/0074-bundles-go-out-in-a-stream.md): ledger and queue are compared each 2 s',
    again: '`--only worker-kill --seed 1`',
  },
  {
    what: 'A thousand workers that began at once computed nothing: leases waited, and their jobs were taken for lost',
    found: '`npm run bench workers -- --workers 1000 --threads 4`',
    mended: '[0074](../decisions/0074-bundles-go-out-in-a-stream.md)',
    again: '`npx vitest run packages/coordinator/src/reconcile.test.ts`, and the bench',
  },
  {
    what: 'Shards imported while a leader dealt the same cell could leave a gap: its trials were never handed out',
    found: 'a random order of shards beside a farm, 240 times on a busy machine: one sweep ran for ever',
    mended: '38f10b3: a cell that was dealt further meanwhile is left out whole, and looked at again',
    again: '`npx vitest run packages/farm/src/shard/import.test.ts`',
  },
  {
    what: 'A standby took over from a leader that lived, as the leader renewed its term at the same moment',
    found: 'two coordinators on a busy machine, once in a run of all tests',
    mended: '38f10b3: the latest end of a term is compared with the clock after the wait for its row',
    again: '`npx vitest run packages/coordinator/src/clocks.test.ts`',
  },
  {
    what: 'A budget or a search waited for ever for trials that another sweep, cancelled since, had handed out',
    found: 'reading: what is parked, and who looks for it again',
    mended: `${whatIsFinished}: each round that asks for more takes them up again`,
    again: stranded,
  },
  {
    what: 'A sweep whose batch was given up while it was paused stayed `running` for ever once it was resumed',
    found: 'reading: which news nobody settles',
    mended: `${whatIsFinished}: the walk of a sweep that goes on sees it`,
    again: stranded,
  },
  {
    what: 'Batches parked in the very moment in which a sweep that shares them was resumed were never looked for again',
    found: 'reading: what a cancellation and a lease decide by a look from before',
    mended: `${whatIsFinished}: a sweep of which nothing is out for 30 s is begun anew`,
    again: stranded,
  },
  {
    what: 'Clients over HTTP waited for ever on a connection that had fallen silent, also after their sweep had ended',
    found: 'a harness from outside: a proxy that drops established connections without closing them',
    mended: `${health}: a stream is given up after 4.5 s of silence`,
    again: '`--only net-clients`',
  },
  {
    what: 'Without Redis the farm said `works`, or that nobody led, and its only coordinator stepped down every 15 s',
    found: 'a harness from outside: Redis away for 45 s',
    mended: `${health}: processes report whether their queue answers`,
    again: '`--only redis-away`',
  },
  {
    what: 'A frozen PostgreSQL left `watch` and `run` silent for a minute',
    found: 'a harness from outside: SIGSTOP of all its processes',
    mended: `${health}: looks at the database have a limit of 4 s`,
    again: '`--only postgres-frozen`',
  },
  {
    what: '`run --detach` on a full disk ended with exit 1 and the code 53100, without a hint',
    found: 'a harness from outside: a full disk',
    mended: `${health}: one table of the errors of libraries`,
    again: '`npx vitest run test/e2e/away.test.ts`',
  },
  {
    what: '"start `driftfarm coordinator`" was said while another coordinator was about to take over',
    found: 'a harness from outside: SIGSTOP of the leader beside a standby',
    mended: `${health}: a command is named only if it helps`,
    again: '`--only leader-kill`',
  },
  {
    what:
      'After a restart of the database, running workers were reported as absent. One Redis under two addresses ' +
      'counted as two queues',
    found: 'a harness from outside: a crash of PostgreSQL; workers behind a proxy to Redis',
    mended: `${health}: who has yet to report is not called absent; servers are told apart by their own name`,
    again: '`npx vitest run test/e2e/away.test.ts`',
  },
  {
    what: 'A done batch had no attempt in the view `batch` where a crash of the database had forgotten its lease',
    found: 'a harness from outside: PostgreSQL killed and started again',
    mended: `${health}: whoever commits has had an attempt`,
    again: '`npx vitest run packages/database/src/ledger/commit.test.ts`',
  },
  {
    what: 'A request over HTTP could not be given up after a garbage collection: Ctrl-C of `watch` then did nothing',
    found: 'the test of silent connections, in two of three runs',
    mended: `${health}: redirect: 'manual', with which Node keeps the signal`,
    again: '`npx vitest run packages/api/src/client`',
  },
]
