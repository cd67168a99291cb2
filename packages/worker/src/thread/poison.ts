import type { TrialFault } from '../faults.ts'

export function injectTrialFault(
  { trial, kind, cell: only }: TrialFault,
  { cell, first, count }: { cell: string; first: number; count: number },
): void {
  if (trial < first || trial >= first + count || (only !== undefined && only !== cell)) return
  switch (kind) {
    case 'throw':
      throw new Error(`trial ${trial} is poison`)
    case 'exit':
      process.exit(9)
      break
    case 'memory':
      for (const hoard: unknown[] = []; ; ) hoard.push(new Array(100_000).fill({ trial }).map((each) => ({ ...each })))
    case 'loop':
      for (;;);
  }
}
