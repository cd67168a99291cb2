import { prose } from '../../../infra/prose.ts'
import { withClient } from '../src/connection/connect.ts'

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
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' order by c.oid, a.attnum`

/** docs/reference/database.md, from the comments in the catalog of a migrated database. */
export function databaseReference(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Column>(statement)
    const views = [...new Set(rows.map(({ view }) => view))]
    return [introduction, cells, ...views.map((view) => section(rows.filter((row) => row.view === view)))].join('\n')
  })
}

const introduction = `# The results database

With this page you can look up every view, column and function for SQL. [Results in SQL](../howto/sql.md) has fifteen
statements for common questions.

Thirteen views and a few functions in the schema \`public\` are the stable interface to the results. The tables behind
them (schema \`farm\`) change without notice. \`driftfarm sql "select ..."\` runs one statement on the views. For other
clients (psql, DuckDB, pandas), \`driftfarm db url\` prints a URL with the login \`driftfarm_reader\`. This login owns
nothing, may only select from these views, and has a limit of 60 s per statement.

The page is generated from the comments in the database by \`node --import tsx packages/database/scripts/main.ts\`.
\`\\d+ trial\` in psql shows the same comments.

A name refers to the sweep that was last submitted under it. Earlier sweeps with the same name keep their cells, and may
differ in a setting that is not in \`params\`. A condition on the name matches all sweeps with this name. To select one
of them, also require \`newest\` (\`where sweep_name = 'map' and newest\`), or use the id
(\`where sweep = '3fa9c2...'\`).

\`\`\`sql
-- The cells of a sweep, with a typed column per parameter and estimate
select "update.drift.sigma", escape, escape_low, escape_high from cells('my-sweep');

-- The same from the view, with a setting that is not swept
select params ->> 'update.drift.sigma' as sigma, settings ->> 'update.eta' as eta, escape from cell
where sweep_name = 'my-sweep' and newest order by index;

-- First-exit histogram of one cell
select width_bucket(escaped_at, 1, horizon + 1, 20) as bin, count(*)
from cell join trial on trial.cell = cell.id and trial.trial < cell.trials
where sweep_name = 'my-sweep' and newest and index = 0 and escaped_at is not null group by bin order by bin;
\`\`\`

A query on \`trial\`, including joins, grouping and sorting, takes one or two microseconds per row (measured in
\`docs/reference/benchmarks.md\` of the repository). Select only the cells that you need, so that no others are read.
`

/** Functions and their results. */
const functions: readonly (readonly [name: string, meaning: string])[] = [
  ['cells(name)', 'the cells, as described above'],
  [
    'cells(name, columns)',
    "only the named columns: `cells('my-sweep', '{update.eta,escape}') as c (eta double precision, escape " +
      'double precision)`',
  ],
  [
    'cells_query(name)',
    'the text of a query whose columns are exactly those of the sweep; run the query in psql with `\\gexec`',
  ],
  ['sweep_id(name)', 'the id of the sweep to which the name refers'],
]

const cells = [
  '## `cells(name)`',
  prose(
    'One row per cell, in order. The first columns are `index`, `id`, `state`, `trials`, `escaped`, ' +
      '`end_escaped`, `end_converged`, `end_diverged`, `end_undecided`, `steps`, `cpu_seconds` and `digest`. Each ' +
      'swept path, such as `"update.eta"`, has a column: double precision if all its values are numbers, otherwise ' +
      'text. The last columns are the estimates, as in the view `cell`. Examples are `escape`, `escape_low`, ' +
      '`escape_high`, `escape_rate`, `"exit:upper_low"` and `"stay@100"`. Instead of a name you may give an id or ' +
      'the beginning of an id. A column name of more than 63 bytes is shortened and ends with a hash. Combinations ' +
      'of events (`joint`) are only in the column `estimates` of `cell`.',
  ),
  prose(
    "In `driftfarm sql`, `cells('my-sweep')` has the columns of that sweep. PostgreSQL fixes the columns of a " +
      'function when the function is declared. In psql, pandas and other clients (DuckDB: `postgres_query`) the ' +
      'function therefore has the columns of all sweeps in the database. Columns that the sweep does not have are ' +
      'null. If a path has numbers in one sweep and words in another, the words are in a second column, ' +
      '`"update.eta_text"`.',
  ),
  ['| function | result |', '|---|---|', ...functions.map(([name, gives]) => `| \`${name}\` | ${gives} |`), ''].join(
    '\n',
  ),
].join('\n\n')

function section(columns: readonly Column[]): string {
  const [first] = columns
  const lines = columns.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${meaning} |`)
  const table = `| column | type | meaning |\n|---|---|---|\n${lines.join('\n')}\n`
  return `## \`${first?.view}\`\n\n${prose(first?.about ?? '')}\n\n${table}`
}
