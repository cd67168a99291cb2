import { type Sweep } from '@driftfarm/spec'
import { type Database } from '../database.ts'
import type { CommitResult, Lease, Refusal } from './workLedger.ts'
/** A database of its own with the tables of the farm. */
export declare function openFresh(max?: number): Promise<{
  database: Database
  drop(): Promise<void>
}>
/** A double well whose trials take 20 steps: about a fifth of them escape. */
export declare function specText(change?: Record<string, unknown>): string
export declare const sweepOf: (text: string) => Sweep
export declare function held(answer: Lease | Refusal): Lease
/** What a worker commits for a lease, by the slow reference. */
export declare function compute(lease: Lease): CommitResult
