import type { SweepState } from '@driftfarm/spec'
import type { Check, Estimate, Finding, Stopped } from '@driftfarm/statistics'
import type { ContrastResult } from './contrast.ts'
import type { Envelope } from './envelope.ts'
import type { Integer } from './number.ts'

export type { SweepState } from '@driftfarm/spec'

export type ResultsDocument = Envelope<'Results', ResultsData>

export interface ResultsData {
  readonly sweep: SweepSummary
  readonly cells: readonly CellResult[]
  /** Empty without `contrasts` in the spec; those whose two cells have trials. */
  readonly contrasts: readonly ContrastResult[]
  /** What the checks of all cells say beside what is good: each once, worst first. */
  readonly findings: readonly Finding[]
}

export interface SweepSummary {
  readonly id: string
  readonly name: string
  readonly state: SweepState
  /** Decimal, 0 .. 2^64-1. */
  readonly seed: string
  readonly cells: number
  /** Trials that count, over all cells. */
  readonly trials: Integer
}

export interface CellResult {
  readonly index: number
  readonly id: string
  /** Values of the swept paths. */
  readonly params: Readonly<Record<string, unknown>>
  readonly trials: Integer
  readonly counts: Counts
  /** By name: escape, converge, diverge, exit:NAME, settle:NAME, class:NAME, mark:NAME, each also as NAME@STEP; stay; escapeRate, escapeStep; cost:MARK; joint:ESCAPED,END,SETTLED. */
  readonly estimates: Readonly<Record<string, Estimate>>
  /** Should I believe this? Question by question; empty without trials. */
  readonly checks: readonly Check[]
  /** null while trials are still to come. */
  readonly stopped: Stopped | null
  /** Steps of all trials that count, decimal. */
  readonly steps: string
  readonly cpuSeconds: number
  /** `mset128:` and 32 hex digits. */
  readonly digest: string
}

export interface Counts {
  /** Trials that escaped, whatever their end. */
  readonly escaped: number
  /** Adds up to the trials. */
  readonly ends: Readonly<Record<'escaped' | 'converged' | 'diverged' | 'undecided', number>>
  readonly exits: Readonly<Record<string, number>>
  readonly settled: Readonly<Record<string, number>>
  readonly classes: Readonly<Record<string, number>>
  readonly marks: Readonly<Record<string, number>>
  /** Trials of which a descent that ran out of its steps left something undecided; absent for none. */
  readonly unreached?: number
}
