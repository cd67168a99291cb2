import type { DocumentData } from '@driftfarm/report'
import type { Database } from '../connection/database.ts'
import { migrationState } from './migrate.ts'

type DatabaseInfo = Omit<DocumentData<'DatabaseStatus'>, 'mode'>

const settings = [
  'fsync',
  'synchronous_commit',
  'shared_buffers',
  'work_mem',
  'max_wal_size',
  'wal_level',
  'TimeZone',
  'default_toast_compression',
]

/** What `doctor` and `db status` report about a database. */
export async function databaseInfo({ pool, url }: Database): Promise<DatabaseInfo> {
  const migrations = await migrationState(url)
  const { rows } = await pool.query<Omit<DatabaseInfo, 'migrations'>>(
    `select split_part(current_setting('server_version'), ' ', 1) as version,
       pg_database_size(current_database()) as "sizeBytes",
       coalesce(pg_total_relation_size(to_regclass('farm.outcome')), 0) as "outcomeBytes",
       jsonb_build_object(
         'used', (select count(*) from pg_stat_activity where backend_type = 'client backend'),
         'max', current_setting('max_connections')::integer) as connections,
       (select jsonb_object_agg(name, current_setting(name)) from unnest($1::text[]) as name) as settings`,
    [settings],
  )
  return { ...rows[0]!, migrations }
}
