import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { nativeHasher } from '@driftfarm/database'
import { networkSlopes, prepare } from '@driftfarm/kernel'
import type { ResolvedSpec } from '@driftfarm/report'
import { parseSweep, type SpecOptions, type Sweep } from '@driftfarm/spec'

export type SpecTextOptions = Pick<SpecOptions, 'fileName' | 'set' | 'trials' | 'checksMinima'>

/**
 * Reads the text of a spec and the files that it names, whose names are relative to `folder`. Throws a SpecError with
 * all errors.
 */
export function readSpec(
  text: string,
  { folder, ...options }: SpecTextOptions & { readonly folder: string },
): ResolvedSpec {
  const files = new Map<string, Uint8Array>()
  const sweep = sweepOf(text, options, (name) => {
    const bytes = readFileSync(resolve(folder, name))
    files.set(name, bytes)
    return bytes
  })
  return { sweep, text, set: options.set ?? [], trials: options.trials, files }
}

/**
 * Reads a sweep from the text of a spec that came from another machine. `files` contains the files that the spec names;
 * no file of this machine is read.
 */
export const sweepOfFiles = (
  text: string,
  { files, ...options }: SpecTextOptions & Pick<ResolvedSpec, 'files'>,
): Sweep =>
  sweepOf(text, options, (name) => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new Error('it was not sent with the spec')
    return bytes
  })

const sweepOf = (text: string, options: SpecTextOptions, readBytes: (name: string) => Uint8Array): Sweep =>
  parseSweep(text, { ...options, slopesOf: networkSlopes, newHasher: nativeHasher, readBytes })

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
