// Part of `npm run generate`: writes the schemas and the reference pages. With --check it writes nothing, and fails if
// one of them is stale.
import { commands, flagsOf } from '@driftfarm/cli'
import { documents, jsonSchema, schemaName } from '@driftfarm/report'
import { specSchema } from '@driftfarm/spec'
import { writeGenerated } from './generated.ts'
import { lifeReference } from './life.ts'
import { dashboard, metricsReference } from './metrics.ts'
import { prose } from './prose.ts'
import { documentReference } from './reference/documents.ts'
import { errorReference } from './reference/errors.ts'
import { settingsReference } from './reference/settings.ts'

const files: Record<string, () => string> = {
  'docs/schema/spec.schema.json': () => json(specSchema()),
  ...Object.fromEntries(
    Object.values(documents).map((printed) => [
      `docs/schema/${schemaName(printed)}.schema.json`,
      () => json(jsonSchema(printed)),
    ]),
  ),
  'docs/reference/commands.md': commandReference,
  'docs/reference/documents.md': documentReference,
  'docs/reference/errors.md': errorReference,
  'docs/reference/life.md': lifeReference,
  'docs/reference/metrics.md': metricsReference,
  'docs/reference/settings.md': settingsReference,
  'infra/grafana/dashboard.json': () => json(dashboard()),
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function commandReference(): string {
  const lines = [
    '# Commands',
    '',
    prose(
      'With this page you can look up every command and option. It is generated from the code by ' +
        '`npm run generate`. Commands write data to standard output, and everything else to standard error. With ' +
        '`--json`, a command prints one document `{"schemaVersion": 1, "kind", "data", "warnings"}`. An error is ' +
        'then one line `{"error": {"code", "message", "hint", "path", "retryable"}}` on standard error, with all ' +
        'mistakes of a spec in `errors`. [Documents](documents.md) describes the documents, [Errors](errors.md) the ' +
        'error codes. [Settings](settings.md) lists the environment variables and the [exit ' +
        'codes](settings.md#exit-codes).',
    ),
    '',
    prose(
      'In the commands below, a *sweep* is a name, an id, or the beginning of either if it matches only one sweep. ' +
        'A name means the newest sweep that was run under it. A changed spec under the same name is another sweep. ' +
        'It does not overwrite the old one, whose results remain available by its id, as in `driftfarm results ' +
        '457dd4`. `driftfarm list` shows the first twelve digits of each id; `driftfarm plan` and `driftfarm ' +
        'status` show all. A spec with another `name` is another sweep, which reuses the trials of identical cells. ' +
        'To rename a sweep, run its spec with the new name and then remove the old sweep.',
    ),
    '',
  ]
  for (const { name, arguments: places, summary, options, kinds, examples } of commands) {
    // An argument in angle brackets is text, not an HTML element.
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

/** A kind of document, linked to its description. */
const linkOf = (kind: string): string => `[${kind}](documents.md#${kind.toLowerCase()})`

await writeGenerated(files)
