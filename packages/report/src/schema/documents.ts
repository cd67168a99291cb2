import { bestSchema } from './best.ts'
import { databaseStatusSchema, doctorSchema, errorSchema, verificationSchema } from './checks.ts'
import { curvesSchema } from './curves.ts'
import { fitSchema } from './fit.ts'
import type { JsonSchema } from './json.ts'
import { landscapeListSchema, landscapeSchema } from './landscapes.ts'
import { minimaSchema } from './minima.ts'
import { oracleSchema } from './oracle.ts'
import { planSchema } from './plan.ts'
import { resultsSchema } from './results.ts'
import { removedSchema, statusSchema, submittedSchema, sweepListSchema, watchEventSchema } from './sweeps.ts'
import { theoremSchema } from './theorem.ts'
import { replicaSchema, rowsSchema, trialSchema, weightedSchema } from './trials.ts'

/** The schema of everything that is printed as JSON, by the name of its file in docs/schema. */
export const documentSchemas: Readonly<Record<string, JsonSchema>> = {
  best: bestSchema,
  curves: curvesSchema,
  'database-status': databaseStatusSchema,
  doctor: doctorSchema,
  error: errorSchema,
  fit: fitSchema,
  landscape: landscapeSchema,
  'landscape-list': landscapeListSchema,
  minima: minimaSchema,
  oracle: oracleSchema,
  plan: planSchema,
  removed: removedSchema,
  replica: replicaSchema,
  results: resultsSchema,
  rows: rowsSchema,
  status: statusSchema,
  submitted: submittedSchema,
  'sweep-list': sweepListSchema,
  theorem: theoremSchema,
  trial: trialSchema,
  verification: verificationSchema,
  'watch-event': watchEventSchema,
  weighted: weightedSchema,
}
