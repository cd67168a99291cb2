import { documentJson, envelope, renderFit, type Source, type TableOptions } from '@driftfarm/report'
import { type Format, note, writeAll } from '../output.ts'

export interface FitOptions {
  readonly fit: string
  /** Of the cells to take; direct ones unless said, where there are any. */
  readonly method?: 'direct' | 'splitting' | 'tilt'
  readonly output?: string
}

/** A line through the cells of a sweep, with what their noise says of its slope. */
export async function printFit(
  source: Source,
  sweepId: string,
  { fit, method, output }: FitOptions,
  { format, ...table }: TableOptions & { readonly format: Format },
): Promise<void> {
  const { data, warnings } = await source.fit(sweepId, fit, method)
  const text = format === 'json' ? `${documentJson(envelope('Fit', data, warnings))}\n` : renderFit(data, table)
  await writeAll([text], output)
  if (format === 'table') for (const warning of warnings) note(`warning: ${warning}`)
}
