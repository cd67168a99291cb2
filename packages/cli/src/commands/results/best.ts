import { documents, type OnCells, type Source } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { formatOf, type PrintedDocument, printedDocument } from '../../output.ts'
import type { ResultsOptions } from '../results.ts'

type BestOptions = ResultsOptions & { readonly best: string; readonly onCells: OnCells }

export async function bestDocument(
  source: Source,
  sweep: { readonly id: string; readonly name: string },
  { best, max, min, onCells, ...requested }: BestOptions,
): Promise<PrintedDocument> {
  const format = formatOf(requested)
  if (max === true && min === true)
    throw new CliError('USAGE', '--max cannot be combined with --min', 'omit one of them')
  if (format !== 'table' && format !== 'json')
    throw new CliError('USAGE', `--best prints a table or JSON, not ${format}`, 'omit --format')
  const found = await source.best({ sweep: sweep.id, of: best, direction: min === true ? 'min' : 'max' }, { onCells })
  if ('known' in found)
    throw new CliError(
      'UNKNOWN_ESTIMATE',
      `no cell of ${sweep.name} has an estimate ${JSON.stringify(best)}`,
      found.known.length === 0 ? 'the sweep has no trials yet' : `use one of ${found.known.join(', ')}`,
    )
  const { data, warnings } = found
  return printedDocument(documents.Best, data, { warnings })
}
