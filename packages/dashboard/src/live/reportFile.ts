import { contentsOf, fileSource } from '@driftfarm/report'
import type { Place } from './place.tsx'

/** Opens a report file as a place. Throws a FileError if it is not a report. */
export async function openReport(file: File): Promise<Place> {
  const sweeps = await contentsOf(await file.text())
  return { source: fileSource(sweeps, file.name), desk: null, fileName: file.name }
}
