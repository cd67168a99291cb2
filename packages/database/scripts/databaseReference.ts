import pg from 'pg'
import { prose } from '../../../infra/prose.ts'

const views = [
  'sweep',
  'cell',
  'trial',
  'replica',
  'weighted',
  'batch',
  'worker',
  'failure',
  'data',
  'contrast',
  'queue',
  'exact',
  'action',
]

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

/** docs/reference/database.md, from the comments in the catalog of a migrated database. */
export async function databaseReference(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Column>(statement, [views])
    return [introduction, cells, ...views.map((view) => section(rows.filter((row) => row.view === view)))].join('\n')
  } finally {
    await client.end()
  }
}

const introduction = `# The results database

Made from the database's own comments by \`node --import tsx packages/database/scripts/main.ts\`; \`\\d+ trial\` in
psql says the same.

Thirteen views and a few functions in the schema \`public\` are the stable face of the results; what is behind them
(schema \`farm\`) changes without notice. \`driftfarm sql "select ..."\` runs one statement over them, and \`driftfarm
db url\` prints the address for other clients (psql, DuckDB, pandas): a login of its own, \`driftfarm_reader\`, that
owns nothing, may only select from these views, and is held to 60 s a statement. Fifteen
[questions](../howto/questions.md) have their answers there.

A name means the sweep of that name which was submitted last. Others that had it keep their cells, and may differ in a
setting that is not among \`params\`: ask for \`newest\` beside the name, or by the id of a sweep
(\`where sweep = '3fa9c2...'\`).

\`\`\`sql
-- The cells of a sweep, with a typed column a parameter and an estimate
select "update.drift.sigma", escape, escape_low, escape_high from cells('my-sweep');

-- The same from the view, with a setting that is not swept
select params ->> 'update.drift.sigma' as sigma, settings ->> 'update.eta' as eta, escape from cell
where sweep_name = 'my-sweep' and newest order by index;

-- First-exit histogram of one cell
select width_bucket(escaped_at, 1, horizon + 1, 20) as bin, count(*)
from cell join trial on trial.cell = cell.id and trial.trial < cell.trials
where sweep_name = 'my-sweep' and newest and index = 0 and escaped_at is not null group by bin order by bin;
\`\`\`

Whatever is asked of \`trial\`, joins, groups and order included, takes time by its rows: one or two
microseconds each (measured in \`docs/reference/benchmarks.md\` of the repository). Ask for the cells that you need:
others are not read.
`

/** Functions and what they give; the lines are too long for the page of a source. */
const functions: readonly (readonly [name: string, meaning: string])[] = [
  ['cells(name)', 'the cells, as above'],
  [
    'cells(name, columns)',
    "the columns that are named: `cells('my-sweep', '{update.eta,escape}') as c (eta double precision, escape " +
      'double precision)`',
  ],
  ['cells_query(name)', 'the text of a query with exactly the columns of that sweep; psql runs it by `\\gexec`'],
  ['sweep_id(name)', 'the id of the sweep that is meant'],
]

const cells = [
  '## cells(name)',
  prose(
    'A row a cell, in order: `index`, `id`, `state`, `trials`, `escaped`, `end_escaped`, `end_converged`, ' +
      '`end_diverged`, `end_undecided`, `steps`, `cpu_seconds`, `digest`; then each swept path by its name ' +
      '(`"update.eta"`: double precision if all its values are numbers, else text); then each estimate as in the ' +
      'view `cell`: `escape`, `escape_low`, `escape_high`, `escape_rate`, `"exit:upper_low"`, `"stay@100"`. The name ' +
      'may also be an id or the beginning of one. A name of more than 63 letters is cut and ends with a hash; ' +
      'combinations of events (`joint`) are in `estimates` of `cell` alone.',
  ),
  prose(
    "`driftfarm sql` gives `cells('my-sweep')` the columns of that sweep. PostgreSQL fixes the columns of a " +
      'function when it is declared, so psql, pandas and others (DuckDB: `postgres_query`) see those of all sweeps ' +
      'of the database, null where this one has none. A path that is numbers here and words there has a second ' +
      'column, `"update.eta_text"`.',
  ),
  [
    '| function | what it gives |',
    '|---|---|',
    ...functions.map(([name, gives]) => `| \`${name}\` | ${gives} |`),
    '',
  ].join('\n'),
].join('\n\n')

function section(columns: readonly Column[]): string {
  const [first] = columns
  const lines = columns.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${plain(meaning)} |`)
  const table = `| column | type | meaning |\n|---|---|---|\n${lines.join('\n')}\n`
  return `## ${first?.view}\n\n${prose(first?.about ?? '')}\n\n${table}`
}

/** The comment of a column that has got another name is short; here is room for what to write, and until when. */
function plain(meaning: string): string {
  const [, other, who] = /^Goes away: use (\w+)\. The same, under a word that (\w+) reserves\.$/.exec(meaning) ?? []
  if (other === undefined) return meaning
  return (
    `Goes away. It is the old name of the column \`${other}\`, with the same values. Write \`${other}\`: the old ` +
    `name is a word that ${who} reserves, so that it needs double quotes there, and a later version drops it.`
  )
}
