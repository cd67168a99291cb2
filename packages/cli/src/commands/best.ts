import { bestOf } from '@driftfarm/coordinator'
import type { Database } from '@driftfarm/database'
import { envelope, renderBest } from '@driftfarm/report'
import { CliError } from '../failure.ts'
import { type Format, note, pageOf, writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'

export interface BestOptions {
  readonly best: string
  readonly max?: boolean
  readonly min?: boolean
  readonly output?: string
}

/** The cell in which an estimate is largest or smallest. */
export async function printBest(
  shell: Shell,
  database: Database,
  sweep: { readonly id: string; readonly name: string },
  options: BestOptions,
  format: Format,
): Promise<void> {
  const { best, max, min, output } = options
  if (max === true && min === true)
    throw new CliError('USAGE', '--max and --min exclude one another', 'leave one of them out')
  if (format !== 'table' && format !== 'json')
    throw new CliError('USAGE', `--best prints a table or JSON, not ${format}`, 'leave --format out')
  const found = await bestOf(database, sweep.id, best, min === true ? 'min' : 'max')
  if ('known' in found)
    throw new CliError(
      'UNKNOWN_ESTIMATE',
      `no cell of ${sweep.name} has an estimate ${JSON.stringify(best)}`,
      found.known.length === 0 ? 'it has no trials yet' : `there are ${found.known.join(', ')}`,
    )
  const { data, warnings } = found
  const { color } = pageOf(shell, output)
  const body = format === 'json' ? `${JSON.stringify(envelope('Best', data, warnings))}\n` : renderBest(data, { color })
  await writeAll(shell, [body], output)
  if (format === 'table') for (const warning of warnings) note(shell, `warning: ${warning}`)
}
