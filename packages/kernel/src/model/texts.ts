import { countNodes, type Expression, parse } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/**
 * Eight times the limit for one expression. Without this limit, reading the expressions of a spec could take seconds.
 */
const LARGEST_NODES = 80_000

/** Throws a KernelError as soon as the expressions parsed so far have more than `LARGEST_NODES` nodes. */
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
        `loss and conditions together have more than ${LARGEST_NODES} numbers, names and operators; write repeated ` +
          'terms as sum(i, from, to, ...), or write fewer conditions',
      )
    }
  }
  return parsed
}
