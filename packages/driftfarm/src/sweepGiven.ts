import { sweepOfText } from '@driftfarm/farm'
import type { Sweep } from '@driftfarm/spec'
import type { SpecOptions } from './run.ts'
import type { Spec } from './sweep.ts'

/** The sweep of a spec, with its text. Throws a SpecError with all mistakes. */
export function sweepGiven(
  spec: Spec | string,
  { set = {}, folder = process.cwd(), trials }: SpecOptions,
): { readonly sweep: Sweep; readonly text: string } {
  const text = typeof spec === 'string' ? spec : JSON.stringify(spec, null, 2)
  const sweep = sweepOfText(text, {
    fileName: 'spec',
    folder,
    set: Object.entries(set).map(([path, value]) => [path, JSON.stringify(value)] as const),
    ...(trials === undefined ? {} : { trials }),
  })
  return { sweep, text }
}
