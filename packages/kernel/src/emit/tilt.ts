import type { Valued } from '../model/valued.ts'

/** The share of trials that keep their original noise; 0 with any method but a tilt. */
export function originalShare({ cell: { method } }: Valued): number {
  return method.kind === 'tilt' ? method.original : 0
}
