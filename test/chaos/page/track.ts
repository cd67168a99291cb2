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

/** Newest last. Whoever finds one adds it here: the page is written from it. */
export const defects: readonly Defect[] = [
  {
    what: 'Connections that fall silent without being closed: a sweep stayed `running` for as long as it was watched, 160 to 200 s',
    found: 'established connections of workers to PostgreSQL, or of the leader to Redis, dropped in a TCP proxy',
    mended: '[0042](decisions/0042-silence-and-clocks.md)',
    again: '`--only net-`',
  },
  {
    what: 'The database’s clock set back by an hour: batches whose jobs the queue had lost were not fed again for that hour',
    found: 'libfaketime before the server, and FLUSHALL of Redis at the same moment',
    mended: '[0042](decisions/0042-silence-and-clocks.md)',
    again: '`--only clock-`',
  },
  {
    what: 'Long trials kept the threads of a worker busy after the sweep that wanted them had gone',
    found: 'sweeps of long trials that were cancelled',
    mended:
      'a kernel looks at a stop flag each millisecond, and its worker asks for withdrawn batches with each heartbeat',
    again: '`--only storm`',
  },
  {
    what: '`rm` of a sweep while its batches were committed ended in deadlocks, or left rows of cells that no sweep had',
    found: 'sweeps removed while workers wrote to their batches',
    mended: '[0056](decisions/0056-bundles.md): rows are locked in one order, and the test `commit.test.ts`',
    again: '`--only storm`',
  },
  {
    what: 'A sweep that needs a newer kernel than the leader has stays `planned`: the old leader does not make room for a newer one',
    found: 'a farm half of which was updated',
    mended: null,
    again: 'no row yet: it takes builds of two versions',
  },
  {
    what: 'A full disk of the database had batches computed 3.5 times, since finished ones could not be stored and were given up',
    found: 'PostgreSQL on a file system of 64 MB',
    mended: null,
    again: '`--only disk-`',
  },
]
