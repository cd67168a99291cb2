import { best } from './document/best.ts'
import { curves } from './document/curves.ts'
import { databaseStatus } from './document/databaseStatus.ts'
import { doctor } from './document/doctor.ts'
import { error } from './document/error.ts'
import { fitDocument } from './document/fit.ts'
import { landscape, landscapeList } from './document/landscape.ts'
import { minima } from './document/minima.ts'
import { oracle } from './document/oracle.ts'
import { plan } from './document/plan.ts'
import { removed } from './document/removed.ts'
import { replica } from './document/replica.ts'
import { results } from './document/results.ts'
import { rows } from './document/rows.ts'
import { status } from './document/status.ts'
import { submitted } from './document/submitted.ts'
import { sweepList } from './document/sweepList.ts'
import { theorem } from './document/theorem.ts'
import { trial } from './document/trial.ts'
import { verification } from './document/verification.ts'
import { watchEvent } from './document/watchEvent.ts'
import { weighted } from './document/weighted.ts'

/** All that is printed as JSON, by its kind. */
export const documents = {
  Best: best,
  Curves: curves,
  DatabaseStatus: databaseStatus,
  Doctor: doctor,
  Error: error,
  Fit: fitDocument,
  Landscape: landscape,
  LandscapeList: landscapeList,
  Minima: minima,
  Oracle: oracle,
  Plan: plan,
  Removed: removed,
  Replica: replica,
  Results: results,
  Rows: rows,
  Status: status,
  Submitted: submitted,
  SweepList: sweepList,
  Theorem: theorem,
  Trial: trial,
  Verification: verification,
  WatchEvent: watchEvent,
  Weighted: weighted,
} as const
