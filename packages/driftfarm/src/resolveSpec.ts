import { sweepOfText } from '@driftfarm/farm'
import type { ResolvedSpec } from '@driftfarm/report'
import type { SpecOptions } from './run.ts'
import type { Spec } from './sweep.ts'

/** Throws a SpecError that lists all errors of the spec. */
export function resolveSpec(
  spec: Spec | string,
  { set = {}, folder = process.cwd(), trials }: SpecOptions,
): ResolvedSpec {
  const text = typeof spec === 'string' ? spec : JSON.stringify(spec, null, 2)
  const files = new Map<string, Uint8Array>()
  const changes = Object.entries(set).map(([path, value]) => [path, JSON.stringify(value)] as const)
  const sweep = sweepOfText(text, {
    fileName: 'spec',
    folder,
    set: changes,
    ...(trials === undefined ? {} : { trials }),
    onFile: (name, bytes) => files.set(name, bytes),
  })
  return { sweep, text, set: changes, trials, files }
}
