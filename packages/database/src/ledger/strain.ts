import type { Database } from '../database.ts'

/** What an operator is to hear of before it stops a farm. */
export interface FarmStrain {
  /** Sweeps that were stopped since a batch that was computed again gave other bits. */
  readonly violated: number
  /** Size of the database in bytes. */
  readonly bytes: number
  /** Connections to the server, of anybody, and the most that it takes. */
  readonly connections: number
  readonly mostConnections: number
}

/** Costs as much as a look at all sweeps. */
export async function farmStrain({ pool }: Database): Promise<FarmStrain> {
  const { rows } = await pool.query<FarmStrain>(
    `select (select count(*) from farm.sweep s
              where s.state = 'stopped' and s.reason like 'DETERMINISM_VIOLATION%') as violated,
            pg_database_size(current_database()) as bytes,
            (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
            current_setting('max_connections')::integer as "mostConnections"`,
  )
  return rows[0]!
}
