import { documents, type OnCells, type Source } from '@driftfarm/report'
import { type PrintedDocument, shown } from '../../output.ts'
import type { ResultsOptions } from '../results.ts'

type FitOptions = ResultsOptions & { readonly fit: string; readonly onCells: OnCells }

/** A line through the cells of a sweep, with what the temperature of their noise tells about its slope. */
export async function fitDocument(
  source: Source,
  sweepId: string,
  { fit, method, onCells }: FitOptions,
): Promise<PrintedDocument> {
  const { data, warnings } = await source.fit(sweepId, fit, { ...(method === undefined ? {} : { method }), onCells })
  return shown(documents.Fit, data, { warnings })
}
