// The library: runs and analyses sweeps from code. Options and properties have the same names as on the command line
// and in its JSON documents.

export { DriftfarmError } from '@driftfarm/formula'
export type { RowBatch, RowColumns, WordColumn } from '@driftfarm/kernel'
export type { PlanData, ResultsData, StatusData } from '@driftfarm/report'
export { type DatabaseFarm, type EmbeddedFarm, type Farm, type FarmOptions, farm, type ServedFarm } from './farm.ts'
export type { FigureContent, FigureRequest } from './figure.ts'
export { type Cell, type Estimate, Results } from './results.ts'
export type { PlanOptions, Run, RunEvent, RunOptions, SpecOptions } from './run.ts'
export { type Spec, sweep } from './sweep.ts'
