import { networkSlopes, prepare } from '@driftfarm/kernel'
import type { ResolvedSpec } from '@driftfarm/report'
import { parseSweep } from '@driftfarm/spec'

/** Reads a sweep from the text of a spec, as the `driftfarm` command does. Throws a SpecError with all mistakes. */
export function resolveSpec(text: string, files: ReadonlyMap<string, Uint8Array>): ResolvedSpec {
  const readBytes = (name: string): Uint8Array => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new Error('open this file together with the spec')
    return bytes
  }
  const sweep = parseSweep(text, { fileName: 'spec', slopesOf: networkSlopes, readBytes })
  const first = sweep.cell(0)
  prepare(first.cell, first.tables)
  return { sweep, text, set: [], trials: undefined, files }
}
