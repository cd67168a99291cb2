import { countNodes, type Expression, parse } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/**
 * Of loss and conditions together: eight expressions of the largest size; those that a spec can hold would take seconds
 * to read.
 */
const LARGEST_NODES = 80_000

/**
 * What each text of loss and conditions says; so many that they are too large are refused before work goes into one.
 */
export function parsedTexts({ landscape, trial, update, method }: Cell): ReadonlyMap<string, Expression> {
  const texts = [
    ...(trial.escape?.kind === 'exits' ? trial.escape.exits : []).map(([, text]) => text),
    ...(trial.converge?.kind === 'when' ? [trial.converge.when] : []),
    ...[...trial.marks, ...trial.classify].map(([, text]) => text),
    ...update.drift.flatMap(({ when }) => when ?? []),
    ...(method.kind === 'splitting' ? [method.score] : []),
    ...(method.kind === 'tilt' ? method.shifts : []),
    ...(landscape.kind === 'formula' ? [landscape.expression] : []),
  ]
  const parsed = new Map<string, Expression>()
  let nodes = 0
  for (const text of texts) {
    const e = parsed.get(text) ?? parse(text)
    parsed.set(text, e)
    nodes += countNodes(e)
    if (nodes > LARGEST_NODES) {
      throw new KernelError(
        'EXPRESSION',
        `loss and conditions together have more than ${LARGEST_NODES} nodes; write repeated terms as sum(i, from, ` +
          'to, ...), or ask for less',
      )
    }
  }
  return parsed
}
