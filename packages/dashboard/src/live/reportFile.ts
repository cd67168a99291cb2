import { contentsOf, fileSource } from '@driftfarm/report'
import type { Place } from './place.tsx'

/** A report file as a place to look at. Throws a FileError where it is none. */
export async function openReport(file: File): Promise<Place> {
  const sweeps = await contentsOf(await file.text())
  return { source: fileSource(sweeps, file.name), desk: null, fileName: file.name }
}
