import type { Database } from '../database.ts'

/** Facts that operators should know before they stop a farm. */
export interface ShutdownRisks {
  /** Number of sweeps that were stopped because a recomputed batch differed from the stored one. */
  readonly violated: number
  /** Size of the database in bytes. */
  readonly bytes: number
  /** Number of open connections of all clients, and the largest number that the server allows. */
  readonly connections: number
  readonly maxConnections: number
}

/** The query scans the rows of all sweeps. */
export async function shutdownRisks({ pool }: Database): Promise<ShutdownRisks> {
  const { rows } = await pool.query<ShutdownRisks>(
    `select (select count(*) from farm.sweep s
              where s.state = 'stopped' and s.reason like 'DETERMINISM_VIOLATION%') as violated,
            pg_database_size(current_database()) as bytes,
            (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
            current_setting('max_connections')::integer as "maxConnections"`,
  )
  return rows[0]!
}
