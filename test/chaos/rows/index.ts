import type { Row } from '../row.ts'
import { databaseRows } from './database.ts'
import { diskRows } from './disk.ts'
import { leaderRows } from './leader.ts'
import { medley } from './medley.ts'
import { networkRows } from './network.ts'
import { poisonRows } from './poison.ts'
import { portRows } from './ports.ts'
import { queueRows } from './queue.ts'
import { userRows } from './users.ts'
import { workerRows } from './workers.ts'

/** Every row of the table of faults, in the order in which they run and are printed. */
export const rows: readonly Row[] = [
  medley,
  ...workerRows,
  ...poisonRows,
  ...queueRows,
  ...databaseRows,
  ...leaderRows,
  ...userRows,
  ...portRows,
  ...networkRows,
  ...diskRows,
]
