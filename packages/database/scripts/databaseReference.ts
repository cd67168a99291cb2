import pg from 'pg'
import { prose } from '../../../infra/prose.ts'

const views = ['sweep', 'cell', 'trial', 'replica', 'weighted', 'batch', 'worker', 'failure', 'data', 'contrast']

interface Column {
  readonly view: string
  readonly about: string
  readonly name: string
  readonly type: string
  readonly meaning: string
}

const statement = `select c.relname as view, obj_description(c.oid, 'pg_class') as about, a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type, col_description(c.oid, a.attnum) as meaning
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' and c.relname = any($1)
  order by array_position($1, c.relname::text), a.attnum`

/** docs/database.md, from the comments in the catalog of a migrated database. */
export async function databaseReference(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Column>(statement, [views])
    return [introduction, ...views.map((view) => section(rows.filter((row) => row.view === view)))].join('\n')
  } finally {
    await client.end()
  }
}

const introduction = `# The results database

Made from the database's own comments by \`node --import tsx packages/database/scripts/main.ts\`; \`\\d+ trial\` in
psql says the same.

Ten views in the schema \`public\` are the stable face of the results; what is behind them (schema \`farm\`) changes
without notice. \`driftfarm sql "select ..."\` runs one statement over them, and \`driftfarm db url\` prints the
address for other clients (psql, DuckDB, pandas): a login of its own, \`driftfarm_reader\`, that owns nothing, may only
select from these views, and is held to 60 s a statement.

A name means the sweep of that name which was submitted last. Others that had it keep their cells, and may differ in a
setting that is not among \`params\`: ask for \`newest\` beside the name, or by the id of a sweep
(\`where sweep = '3fa9c2...'\`).

\`\`\`sql
-- Escape probability over a swept parameter, with its interval
select params ->> 'update.eta' as eta, escape, escape_low, escape_high from cell
where sweep_name = 'my-sweep' and newest order by index;

-- First-exit histogram of one cell; always filter trials by cell
select width_bucket(escaped_at, 1, horizon + 1, 20) as bin, count(*)
from cell join trial on trial.cell = cell.id and trial.trial < cell.trials
where sweep_name = 'my-sweep' and newest and index = 0 and escaped_at is not null group by bin order by bin;
\`\`\`
`

function section(columns: readonly Column[]): string {
  const [first] = columns
  const lines = columns.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${meaning} |`)
  const table = `| column | type | meaning |\n|---|---|---|\n${lines.join('\n')}\n`
  return `## ${first?.view}\n\n${prose(first?.about ?? '')}\n\n${table}`
}
