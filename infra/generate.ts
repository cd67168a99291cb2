// pnpm generate: writes every file that is made from the code. With --check it writes nothing and fails where one is
// stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commands, exitCodes, flagsOf, passwordFile, secretVariables } from '@driftfarm/cli'
import { documents, jsonSchema, schemaName } from '@driftfarm/report'
import { specSchema } from '@driftfarm/spec'
import { lifeReference } from './life.ts'
import { dashboard, metricsReference } from './metrics.ts'
import { prose } from './prose.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const files: Record<string, () => string> = {
  'docs/schema/spec.schema.json': () => json(specSchema),
  ...Object.fromEntries(
    Object.values(documents).map((printed) => [
      `docs/schema/${schemaName(printed)}.schema.json`,
      () => json(jsonSchema(printed)),
    ]),
  ),
  'docs/reference/commands.md': commandReference,
  'docs/reference/life.md': lifeReference,
  'docs/reference/metrics.md': metricsReference,
  'infra/grafana/dashboard.json': () => json(dashboard()),
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function commandReference(): string {
  const lines = [
    '# Commands',
    '',
    prose(
      'Made from the code by `npm run generate`. Standard output is data, everything else goes to standard error; ' +
        '`--json` prints one document `{"schemaVersion": 1, "kind", "data", "warnings"}`, and an error then is one ' +
        'line `{"error": {"code", "message", "hint", "path", "retryable"}}` on standard error, with all mistakes of ' +
        'a spec in `errors`. Their JSON Schemas are in [documents](documents.md).',
    ),
    '',
    '| exit code | meaning |',
    '|---|---|',
    ...(Object.keys(meanings) as (keyof typeof meanings)[]).map(
      (ending) => `| ${codeText(ending)} | ${meanings[ending]} |`,
    ),
    '',
    '| variable | meaning |',
    '|---|---|',
    ...variables.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
    '',
  ]
  for (const { name, arguments: places, summary, options, kinds, examples } of commands) {
    // A place in angle brackets is text here, and no element of HTML.
    lines.push(`## ${['driftfarm', name, ...places].join(' ').replaceAll('<', '\\<')}`, '', prose(`${summary}.`), '')
    const rows = Object.entries(options).map(([key, option]) => {
      const choices = option.choices === undefined ? '' : ` (${option.choices.join(', ')})`
      return `| \`${flagsOf(key, option)}\` | ${option.help}${choices} |`
    })
    if (rows.length > 0) lines.push('| option | meaning |', '|---|---|', ...rows, '')
    if (kinds.length > 0) lines.push(prose(`With \`--json\`: ${kinds.map(linkOf).join(', ')}.`), '')
    lines.push('```sh', ...examples.map((text) => `driftfarm ${text}`), '```', '')
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** A kind of document with the place of its schema. */
const linkOf = (kind: string): string =>
  `[${kind}](../schema/${kind.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()}.schema.json)`

/** What each exit code means; those of the two signals stand in one line. */
const meanings: Readonly<Record<Exclude<keyof typeof exitCodes, 'terminated'>, string>> = {
  done: 'done',
  unexpected: 'unexpected',
  usage: 'usage or spec error',
  incomplete: 'ended with failed batches or an unmet stop rule; or a check says wrong, and --accept does not take it',
  notAuthorised: 'not authorised',
  notFound: 'not found',
  conflict: 'conflict',
  unreachable: 'database or queue unreachable: try again',
  timedOut: 'wait timed out',
  cancelled: 'cancelled',
  interrupted: 'a wait that SIGINT, SIGTERM ended; up, coordinator and worker end by them with 0',
}

const codeText = (ending: keyof typeof meanings): string =>
  ending === 'interrupted' ? `${exitCodes.interrupted}, ${exitCodes.terminated}` : String(exitCodes[ending])

const variables = [
  ['DATABASE_URL', 'a PostgreSQL database: the farm. Without it a private server runs in the home folder'],
  ['REDIS_URL', 'a Redis for the queue. Without it the queue is on the database'],
  [
    'DRIFTFARM_HOME',
    'the folder of the embedded server and of caches. Default: `.driftfarm` in the project of the spec or of the ' +
      'working folder (version control, a manifest, or a `.driftfarm` that is there), else in the user’s data',
  ],
  ['DRIFTFARM_URL', 'a farm to ask over HTTP, in place of its database ([http.md](http.md))'],
  ['DRIFTFARM_TOKEN', 'the token for it'],
  ['DRIFTFARM_ADMIN_TOKEN_FILE', 'of `up` and `coordinator`: a file that holds the first token of an administrator'],
  ['DRIFTFARM_READER_URL', 'on a farm: the address by which `sql` and `db url` read'],
  ['DRIFTFARM_READER_PASSWORD', 'on a farm: the password that `db migrate` gives the reading login'],
  [
    '..._FILE',
    `a file that holds the value of ${secretVariables.map((name) => `\`${name}\``).join(', ')}, where the variable ` +
      `itself is not set; \`${passwordFile}\`: one with the password for an address of the database that has none`,
  ],
  ['NO_COLOR', 'no colours'],
] as const

const check = process.argv.includes('--check')
let stale = 0
for (const [name, make] of Object.entries(files)) {
  const path = join(root, name)
  const text = make()
  let have = ''
  try {
    have = readFileSync(path, 'utf8')
  } catch {}
  if (have === text) continue
  if (check) {
    console.log(`stale: ${name} (npm run generate)`)
    stale += 1
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`wrote ${name}`)
  }
}
process.exit(stale > 0 ? 1 : 0)
