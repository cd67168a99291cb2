import { driftfarm } from './command.ts'

export interface CellOfResults {
  readonly index: number
  readonly id: string
  readonly params: Record<string, unknown>
  readonly trials: number
  readonly counts: {
    escaped: number
    ends: Record<string, number>
    exits: Record<string, number>
    settled: Record<string, number>
    classes: Record<string, number>
    marks: Record<string, number>
  }
  readonly estimates: Record<
    string,
    {
      value: number
      low: number
      high: number
      confidence: number
      method: string
      events?: number
      exponentiality?: { pValue: number } | null
    }
  >
  readonly checks: readonly { name: string; verdict: string; text: string }[]
  readonly stopped: { rule: string }
  readonly steps: string
  readonly digest: string
}
export interface ResultsOfSweep {
  readonly sweep: { id: string; name: string; state: string; seed: string; cells: number; trials: number }
  readonly cells: readonly CellOfResults[]
}

/** Throws an error with the output of the command if the exit code is not `wantedCode`. */
export async function runToResults(
  file: string,
  home: string,
  arguments_: readonly string[] = [],
  env: Record<string, string> = {},
  wantedCode = 0,
): Promise<ResultsOfSweep> {
  const { code, stdout, stderr } = await driftfarm(['run', file, '--json', ...arguments_], { home, env })
  if (code !== wantedCode) throw new Error(`exit ${code}: ${stderr}${stdout}`)
  return (JSON.parse(stdout) as { data: ResultsOfSweep }).data
}

export const digests = (results: ResultsOfSweep): string[] => results.cells.map((cell) => cell.digest)
