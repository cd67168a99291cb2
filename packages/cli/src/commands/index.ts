import type { Declaration } from '../command.ts'
import { access } from './access.ts'
import { compare } from './compare.ts'
import { completion } from './completion.ts'
import { controls } from './control.ts'
import { databaseStatus, databaseUrl, dump, importShards, migrate } from './db.ts'
import { doctor } from './doctor.ts'
import { example } from './example.ts'
import { extend } from './extend.ts'
import { farm } from './farm.ts'
import { figure } from './figure.ts'
import { fit } from './fit.ts'
import { landscapes } from './landscapes.ts'
import { list } from './list.ts'
import { minima } from './minima.ts'
import { oracle } from './oracle.ts'
import { plan } from './plan.ts'
import { remove } from './remove.ts'
import { replay } from './replay.ts'
import { report } from './report.ts'
import { results } from './results.ts'
import { run } from './run.ts'
import { coordinator, up, worker } from './serve.ts'
import { slurm } from './slurm.ts'
import { sql } from './sql.ts'
import { status } from './status.ts'
import { theorem } from './theorem.ts'
import { tokenCreate, tokenList, tokenRevoke } from './token.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

/** Every command, in the order of the help. */
export const commands: readonly Declaration[] = [
  run,
  plan,
  up,
  coordinator,
  worker,
  slurm,
  list,
  status,
  watch,
  ...controls,
  extend,
  remove,
  results,
  fit,
  figure,
  report,
  compare,
  sql,
  replay,
  verify,
  landscapes,
  example,
  minima,
  oracle,
  theorem,
  farm,
  doctor,
  completion,
  migrate,
  databaseStatus,
  databaseUrl,
  dump,
  access,
  importShards,
  tokenCreate,
  tokenList,
  tokenRevoke,
]

/** Summaries of groups of commands. The key is the first word of the commands, e.g. `db` of `db import`. */
export const groups: Readonly<Record<string, string>> = {
  db: 'manage the results database',
  token: 'manage tokens for the HTTP API',
}
