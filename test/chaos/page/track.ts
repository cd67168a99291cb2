/** A defect that a fault, load or a review revealed. It may be fixed or open. */
export interface Defect {
  readonly what: string
  /** How the defect was found, such as the fault that revealed it. */
  readonly found: string
  /** The decision or commit that fixed it; null while it is open. */
  readonly fixed: string | null
  /** How to reproduce it on a version that has it. */
  readonly again: string
}

const whatAFarmSays = 'decision 0071'
const health = 'decision 0086'
const whatIsFinished = 'decision 0079'
const stranded = '`npx vitest run packages/coordinator/src/faults.test.ts`'
const silenceAndClocks = 'decision 0042'

/** Newest last. Add new defects here: the page is generated from this list. */
export const defects: readonly Defect[] = [
  {
    what: 'If connections went silent without being closed, a sweep stayed `running` indefinitely',
    found:
      'a TCP proxy that drops established connections of workers to PostgreSQL, or of the leading coordinator to ' +
      'Redis',
    fixed: silenceAndClocks,
    again: '`--only net-`',
  },
  {
    what: 'After the clock of the database was set back by an hour, lost jobs were not queued again for an hour',
    found: 'the clock set back by libfaketime, and FLUSHALL of Redis at the same moment',
    fixed: silenceAndClocks,
    again: '`--only clock-`',
  },
  {
    what: 'Long trials kept the threads of a worker busy after their sweep had been cancelled',
    found: 'cancelling sweeps of long trials',
    fixed: 'decision 0041: the kernel checks a stop flag every millisecond',
    again: '`--only storm`',
  },
  {
    what: '`rm` of a sweep while its batches were being committed caused deadlocks, or left rows of its cells behind',
    found: 'removing sweeps whose batches were being committed',
    fixed: 'decision 0056: rows are always locked in the same order',
    again: '`--only storm`',
  },
  {
    what:
      'A sweep stayed `planned` if it needed a newer kernel than the leading coordinator had, because the old ' +
      'leader did not step down',
    found: 'a farm that was only partly updated',
    fixed: `${whatAFarmSays}: the old leader yields to a newer one, which dispatches to workers of both versions`,
    again: '`npx vitest run packages/coordinator/src/versions.test.ts`',
  },
  {
    what:
      'While the disk of the database was full, each batch was computed 3.5 times on average, because results ' +
      'could not be stored',
    found: 'PostgreSQL on a file system of 64 MB',
    fixed: `${whatAFarmSays}: workers keep finished batches and store them when there is space`,
    again: '`--only disk-`',
  },
  {
    what: 'If a table was locked for longer than the statement timeout (120 s), finished batches counted as failed',
    found: 'an access exclusive lock on `farm.batch` for 130 s',
    fixed: '715adf0: a statement that times out is retried',
    again: '`--only postgres-lock-long --seed 1`',
  },
  {
    what: 'A batch of a killed worker waited up to 23.1 s (p95 17.1 s) for the second stalled-job check of the queue',
    found: 'killing a random one of three workers every 1.5 s, on a busy machine',
    fixed: `${whatAFarmSays}: the leading coordinator checks for silent workers every second`,
    again: '`--only worker-kill --seed 1 --scale 0.15`',
  },
  {
    what:
      'A sweep that was paused and resumed between two scheduling passes stalled: its parked batches were not ' +
      'dispatched',
    found: 'pausing and resuming a sweep within a second, on a loaded machine',
    fixed: '0173702: the leading coordinator now notices that a sweep was resumed',
    again: '`--only storm`, which shows the defect only by chance',
  },
  {
    what: 'A waiting `run` or `watch` ended with an error when the database was restarted',
    found: 'PostgreSQL killed while a client waited',
    fixed: `${whatAFarmSays}: waiting clients continue when the server is back`,
    again: '`--only disk-home`',
  },
  {
    what:
      'Commits waiting for a lock used both connections of a worker, so the worker sent no heartbeats and counted as ' +
      'dead',
    found: 'a table locked for 130 s, after workers had been limited to two connections',
    fixed: '1d3e9fc: heartbeats use a separate connection',
    again: '`--only postgres-lock-long --seed 1`',
  },
  {
    what:
      'If the database failed while a sweep was being resumed, the sweep stalled, because the leading coordinator ' +
      'assumed that the sweep had started',
    found: 'code review of how the leading coordinator starts a sweep',
    fixed: 'if parked batches of a sweep cannot be released, the next scheduling pass starts the sweep afresh',
    again: '`npx vitest run packages/coordinator/src/control.test.ts`',
  },
  {
    what:
      'If a worker was killed between taking a job and leasing its bundle, the job waited up to 12 s longer than ' +
      'usual',
    found: 'killing a random one of three workers every 1.5 s, 200 times: one batch of 385 waited 20.4 s',
    fixed: 'decision 0074: ledger and queue are compared every 2 s',
    again: '`--only worker-kill --seed 1`',
  },
  {
    what:
      'A thousand workers that started at the same time computed nothing, because their lease requests waited so ' +
      'long that their jobs counted as lost',
    found: '`npm run bench workers -- --workers 1000 --threads 4`',
    fixed: 'decision 0074',
    again: '`npx vitest run packages/coordinator/src/reconcile.test.ts`, and the command in the column *found by*',
  },
  {
    what:
      'If shards of a cell were imported while the cell was being dispatched, some of its trials might never be ' +
      'dispatched',
    found: 'importing shards in random order into a running farm, 240 times on a busy machine: one sweep ran forever',
    fixed: '38f10b3: a cell that gained trials after it was read is skipped and read again',
    again: '`npx vitest run packages/farm/src/shard/import.test.ts`',
  },
  {
    what: 'A standby took over from a healthy leader that was renewing its term at the same moment',
    found: 'two coordinators on a busy machine; seen once, in a full test run',
    fixed: '38f10b3: the end of the term is compared with the clock after the row lock is acquired',
    again: '`npx vitest run packages/coordinator/src/clocks.test.ts`',
  },
  {
    what:
      'A sweep with a budget or a threshold search waited forever for trials that had been parked when another sweep ' +
      'was cancelled',
    found: 'code review of parking and releasing batches',
    fixed: `${whatIsFinished}: each round that requests more trials releases parked batches`,
    again: stranded,
  },
  {
    what: 'If a batch was given up while its sweep was paused, the sweep stayed `running` forever after it was resumed',
    found: 'code review: pending updates that are never processed',
    fixed: `${whatIsFinished}: the scheduling pass over a resumed sweep finds such batches`,
    again: stranded,
  },
  {
    what: 'If batches were parked at the moment when a sweep that shares them was resumed, they were never released',
    found: 'code review of cancelling and leasing: decisions based on an outdated read',
    fixed: `${whatIsFinished}: a sweep with nothing dispatched for 30 s is started afresh`,
    again: stranded,
  },
  {
    what: 'Clients over HTTP waited forever on a silent connection, even after their sweep had ended',
    found: 'an external test harness: a proxy that drops established connections without closing them',
    fixed: `${health}: a stream is given up after 4.5 s of silence`,
    again: '`--only net-clients`',
  },
  {
    what:
      'While Redis was down, the farm reported either the state `works` or that no coordinator was leading, and its ' +
      'only coordinator stepped down every 15 s',
    found: 'an external test harness: Redis down for 45 s',
    fixed: `${health}: processes report whether their queue responds`,
    again: '`--only redis-away`',
  },
  {
    what: 'While PostgreSQL was frozen, `watch` and `run` printed nothing for a minute',
    found: 'an external test harness: SIGSTOP of all processes of PostgreSQL',
    fixed: `${health}: status queries have a time limit of 4 s`,
    again: '`--only postgres-frozen`',
  },
  {
    what: '`run --detach` on a full disk ended with exit code 1 and the PostgreSQL error code 53100, without a hint',
    found: 'an external test harness: a full disk',
    fixed: `${health}: one table gives the errors of all libraries a code and a hint`,
    again: '`DRIFTFARM_TEST_TIER=full npx vitest run test/e2e/away.slow.test.ts`',
  },
  {
    what: 'The advice "start `driftfarm coordinator`" was given while a standby was about to take over',
    found: 'an external test harness: SIGSTOP of the leading coordinator, with a standby',
    fixed: `${health}: a command is proposed only if it helps`,
    again: '`--only leader-kill`',
  },
  {
    what:
      'After a restart of the database, running workers were reported as absent. One Redis under two addresses ' +
      'counted as two queues',
    found: 'an external test harness: a crash of PostgreSQL; workers behind a proxy to Redis',
    fixed: `${health}: processes that have not reported yet are not called absent; a server is identified by its id`,
    again: '`DRIFTFARM_TEST_TIER=full npx vitest run test/e2e/away.slow.test.ts`',
  },
  {
    what:
      'The view `batch` showed 0 attempts for a finished batch if a crash of the database had lost the lease of the ' +
      'batch',
    found: 'an external test harness: PostgreSQL killed and started again',
    fixed: `${health}: a commit counts as at least one attempt`,
    again: '`npx vitest run packages/database/src/lease/commit.test.ts`',
  },
  {
    what: 'An HTTP request could not be aborted after a garbage collection, so Ctrl-C did not stop `watch`',
    found: 'the test of silent connections, in two of three runs',
    fixed: `${health}: requests use \`redirect: 'manual'\`, which makes Node keep the abort signal`,
    again: '`npx vitest run packages/api/src/client`',
  },
]
