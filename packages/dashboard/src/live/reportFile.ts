import { contentsOf, fileSource } from '@driftfarm/report'
import type { DocumentOrigin } from './documentOrigin.tsx'

/** Throws a FileError if the file is not a report. */
export async function openReport(file: File): Promise<DocumentOrigin> {
  const sweeps = await contentsOf(await file.text())
  return { source: fileSource(sweeps, file.name), farmClient: null, fileName: file.name }
}
