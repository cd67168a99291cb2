import { documents, type Source } from '@driftfarm/report'
import { type PrintedDocument, shown } from '../../output.ts'
import type { ResultsOptions } from '../results.ts'

type FitOptions = ResultsOptions & { readonly fit: string }

/** A line through the cells of a sweep, with what the temperature of their noise tells about its slope. */
export async function fitDocument(
  source: Source,
  sweepId: string,
  { fit, method }: FitOptions,
): Promise<PrintedDocument> {
  const { data, warnings } = await source.fit(sweepId, fit, method)
  return shown(documents.Fit, data, { warnings })
}
