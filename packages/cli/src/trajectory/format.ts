import type { TracedStep } from '@driftfarm/kernel'
import { csvLine } from '@driftfarm/report'
import { usageError } from '../failure.ts'

export type TrajectoryFormat = 'csv' | 'jsonl'

/**
 * A name without an extension, for example the name of a pipe, means CSV. Throws a CliError if the extension is
 * unknown.
 */
export function formatOfFile(file: string): TrajectoryFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase()
  if (ending === undefined || ending === 'csv') return 'csv'
  if (ending === 'jsonl' || ending === 'ndjson') return 'jsonl'
  throw usageError(
    `a trajectory cannot be written as .${ending}`,
    'use a file name that ends in .csv, or in .jsonl for one JSON object per step',
  )
}

export function headOf(format: TrajectoryFormat, coordinates: readonly string[]): string {
  return format === 'csv' ? csvLine(['n', ...coordinates, 'loss', 'gradnorm', 'events']) : ''
}

/** Numbers have as few digits as needed to read back the same doubles. In JSON, NaN and infinities are strings. */
export function lineOf(format: TrajectoryFormat, { n, theta, loss, gradnorm, events }: TracedStep): string {
  if (format === 'csv') return csvLine([n, ...theta, loss, gradnorm, events.join(' ')])
  const exact = (value: number) => (Number.isFinite(value) ? value : String(value))
  const line = { n, theta: Array.from(theta, exact), loss: exact(loss), gradnorm: exact(gradnorm), events }
  return `${JSON.stringify(line)}\n`
}
