import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { networkSlopes, prepare } from '@driftfarm/kernel'
import { parseSweep, type SpecOptions, type Sweep } from '@driftfarm/spec'

export interface SweepTextOptions extends Pick<SpecOptions, 'fileName' | 'set' | 'trials' | 'checksMinima'> {
  /** The folder that file names in the spec are relative to. */
  readonly folder: string
}

/** The sweep that the text of a spec describes. Throws a SpecError with all mistakes. */
export function sweepOfText(text: string, { folder, ...options }: SweepTextOptions): Sweep {
  return parseSweep(text, {
    ...options,
    slopesOf: networkSlopes,
    readFile: (name: string) => readFileSync(resolve(folder, name), 'utf8'),
    readBytes: (name: string) => readFileSync(resolve(folder, name)),
  })
}

/** Refuses a sweep from which no kernel can be made, before anything of it is stored. Throws a KernelError. */
export function requireKernel(sweep: Sweep): void {
  const first = sweep.cell(0)
  prepare(first.cell, first.data)
}
