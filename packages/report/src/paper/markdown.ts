import { answerOf } from './answer.ts'
import { experimentOf } from './experiment.ts'
import type { ReportedSweep, ReportOptions } from './gathered.ts'
import { cellsTable, checkRows, methodSentences, observedTable, references, reproduction } from './parts.ts'

/** Instead of each figure, the report has the command that draws the figure. */
export function markdownReport(sweeps: readonly ReportedSweep[], { made, version }: ReportOptions): string {
  const parts = sweeps.flatMap((sweep) => {
    const { results, figures, warnings } = sweep
    const observed = observedTable(sweep)
    const { facts, commands, spec } = reproduction(sweep, version)
    const checks = checkRows(sweep)
    return [
      `# ${plain(results.sweep.name)}`,
      ...experimentOf(sweep).flatMap(({ title, formulas = [], sentences }) => [
        `**${title}.** ${sentences.map(plain).join(' ')}`,
        ...(formulas.length === 0 ? [] : [fenced('text', formulas.join('\n'))]),
      ]),
      answerOf(sweep).map(plain).join(' '),
      ...warnings.map((warning) => `> ${plain(warning)}`),
      '## Figures',
      ...figures.map(
        ({ figure, command }) =>
          `- ${plain(figure.title)}: \`${command} -o ${figure.figure}.svg\`. ${plain(figure.caption.join(' '))}`,
      ),
      '## Checks',
      checks.length === 0
        ? 'All cells pass every check.'
        : table(['verdict', 'check', 'cells', 'finding', 'what to do'], checks),
      '## Cells',
      ...withNote(cellsTable(sweep)),
      ...(observed.rows.length > 0 ? ['## Observed values', ...withNote(observed)] : []),
      '## Reproduction',
      facts.map(([name, value]) => `- ${plain(name)}: ${plain(value)}`).join('\n'),
      fenced('sh', commands.join('\n')),
      fenced('yaml', spec),
    ]
  })
  return `${[
    ...parts,
    '## Method',
    ...methodSentences(sweeps).map(plain),
    references(sweeps)
      .map((each, at) => `${at + 1}. ${plain(each)}`)
      .join('\n'),
    `Made by Drift Farm ${version} on ${made}.`,
  ].join('\n\n')}\n`
}

/** Text between backticks becomes code; all other characters stand for themselves. */
const plain = (text: string): string =>
  text
    .replace(/`([^`]+)`|[\\`*_{}[\]<>|#]/g, (found, code: string | undefined) =>
      code === undefined ? `\\${found}` : found,
    )
    .replace(/\s+/g, ' ')

const withNote = ({ titles, rows, note }: ReturnType<typeof cellsTable>): readonly string[] => [
  table(titles, rows),
  ...(note === null ? [] : [plain(note)]),
]

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...rows]
    .map((row, at) => `| ${row.map((text) => (at === 1 ? text : inTable(text))).join(' | ')} |`)
    .join('\n')

/** In a table, a vertical bar would end a column even within code. */
const inTable = (text: string): string => plain(text).replace(/(?<!\\)\|/g, '\\|')

/** The fence is longer than any sequence of backticks in the code. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`
}
