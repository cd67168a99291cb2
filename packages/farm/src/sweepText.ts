import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { nativeHasher } from '@driftfarm/database'
import { networkSlopes, prepare } from '@driftfarm/kernel'
import { parseSweep, type SpecOptions, type Sweep } from '@driftfarm/spec'

export interface SweepTextOptions extends Pick<SpecOptions, 'fileName' | 'set' | 'trials' | 'checksMinima'> {
  /** The folder to which the file names in the spec are relative. */
  readonly folder: string
  /** Called for each file that is read. */
  readonly onFile?: (name: string, bytes: Uint8Array) => void
}

/** Reads a sweep from the text of a spec. Throws a SpecError with all errors. */
export function sweepOfText(text: string, { folder, onFile = () => undefined, ...options }: SweepTextOptions): Sweep {
  const readBytes = (name: string): Buffer => {
    const bytes = readFileSync(resolve(folder, name))
    onFile(name, bytes)
    return bytes
  }
  return parseSweep(text, { ...options, slopesOf: networkSlopes, newHasher: nativeHasher, readBytes })
}

/**
 * Reads a sweep from the text of a spec that came from another machine. `files` contains the files that the spec names;
 * no file of this machine is read.
 */
export function sweepOfFiles(
  text: string,
  {
    files,
    ...options
  }: Omit<SweepTextOptions, 'folder' | 'onFile'> & { readonly files: ReadonlyMap<string, Uint8Array> },
): Sweep {
  const readBytes = (name: string): Uint8Array => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new Error('it was not sent with the spec')
    return bytes
  }
  return parseSweep(text, { ...options, slopesOf: networkSlopes, newHasher: nativeHasher, readBytes })
}

/** Throws a KernelError if the sweep has no valid kernel. */
export function requireKernel(sweep: Sweep): void {
  const first = sweep.cell(0)
  prepare(first.cell, first.tables)
}

/**
 * Determines the identity of a sweep from all its cells, and yields to the event loop between cells. If the signal is
 * aborted, throws the signal's reason at once.
 */
export async function identify(
  sweep: Sweep,
  { signal, onCells }: { readonly signal: AbortSignal; readonly onCells?: (done: number) => void },
): Promise<void> {
  for (const done of sweep.identifying()) {
    onCells?.(done)
    await turn()
    signal.throwIfAborted()
  }
}
