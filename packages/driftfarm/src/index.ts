// The library: sweeps from code. It uses the names of the command line and of its documents.

export { DriftfarmError } from '@driftfarm/formula'
export type { RowBatch, RowColumns, WordColumn } from '@driftfarm/kernel'
export type { PlanData, ResultsData, StatusData } from '@driftfarm/report'
export { type Farm, farm } from './farm.ts'
export type { FigureContent, FigureRequest } from './figure.ts'
export type { DatabaseFarm, EmbeddedFarm, FarmOptions, ServedFarm } from './options.ts'
export { type Cell, type Estimate, Results } from './results.ts'
export type { PlanOptions, Run, RunEvent, RunOptions, SpecOptions } from './run.ts'
export { type Spec, sweep } from './sweep.ts'
