-- The views for outside clients. A line with `---` describes the view or the column that follows it. These descriptions
-- are stored as comments in the catalog (src/schema/comments.ts) and become docs/reference/database.md.

-- A code is 0 for none, k for names[k], 65535 for "other".
create function farm.name_of(names text[], code integer) returns text
language sql immutable parallel safe
return case code when 0 then null when 65535 then 'other' else names[code] end;

-- {"left": 9000, "right": 12, "other": 0} from names and the counts of a tally; {} if the cell has none of them.
create function farm.counts_of(names text[], counts jsonb, other boolean) returns jsonb
language sql immutable parallel safe
return (
  select coalesce(jsonb_object_agg(case when n <= cardinality(names) then names[n] else 'other' end, count), '{}')
  from jsonb_array_elements(coalesce(counts, '[]')) with ordinality as t (count, n)
  where cardinality(names) > 0 and (n <= cardinality(names) or other) and names is distinct from array['']
);

-- The cost that the planner assumes for unfolding a batch. It guesses that a batch has 1,000 trials, and would unfold all
-- batches before it selects the requested cells. The arguments make each batch different for the planner, which would
-- otherwise compare batches with one another, array by array, to save itself the unfolding (Memoize).
create function farm.unfolding(cell text, first bigint) returns integer
language plpgsql volatile parallel safe cost 100000 as 'begin return 0; end';

--- A named set of cells with a request (budget or stopping rules) for each. One row per sweep.
create view public.sweep as
select
  --- Hash of the name and the set of cells of the sweep, 32 hex digits.
  s.id,
  --- Name of the sweep. Several sweeps may share a name.
  s.name,
  --- Whether this sweep was the last one submitted under its name, so that the name refers to it.
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
  --- The state: `planned`, `running`, `paused`, `interrupted`, `stopped`, `cancelled`, `incomplete` or `complete`.
  case
    when s.state in ('planned', 'running') and s.runner is not null and not exists (
      select from farm.worker w
      where w.id = s.runner and w.state <> 'gone' and w.seen_at > now() - interval '15 seconds') then 'interrupted'
    else s.state
  end as state,
  --- The reason for this state, as a sentence; null if there is none.
  s.reason,
  --- Seed of the random numbers, 0 .. 2^64 - 1.
  s.seed::numeric(20, 0) as seed,
  --- Number of cells.
  s.cells,
  --- Number of trials that count so far (see `cell.trials`), over all cells.
  s.trials,
  --- Largest number of trials that the budget or the stopping rules allow, summed over all cells.
  s.max_trials,
  --- Thread time of the trials that count, in seconds.
  s.cpu_seconds,
  --- -10 .. 10. Sweeps with a higher priority are dispatched first.
  s.priority,
  --- The tags in the spec.
  s.tags,
  --- Swept paths, in order.
  s.axes,
  --- The request of the newest submission for each cell: budget or stopping rules, `record`, `horizons`, `rateAfter` (the burn-in of `escapeRate`), `confidence`, `estimates`.
  s.demand,
  --- The spec as submitted.
  s.spec,
  --- Number of submissions that changed the sweep, including the first one.
  s.submission,
  --- Time of the last submission that changed the sweep.
  s.submitted_at,
  --- Time at which the sweep reached its final state; null while work is left.
  s.finished_at,
  --- The columns that `cells(name)` has in addition to the common ones. For each column: its name and type, its source (`of`: `params` or `estimates`), the key in this source, and for `estimates` the field (`value`, `low` or `high`).
  s.columns::jsonb as columns
from farm.sweep s;

--- A parameter point of a sweep, with its counts and estimates. One row per cell and sweep: sweeps with the same cell share its trials. All counts are over the trials 0 .. trials - 1 of the cell.
create view public.cell as
select
  --- The value of `sweep.id`.
  d.sweep_id as sweep,
  --- The value of `sweep.name`. Several sweeps may share this name: add `and newest` to select the one to which the name refers.
  s.name as sweep_name,
  --- Index of the cell in its sweep, from 0, in the order of the axes.
  d.index,
  --- Hash of everything that a trial depends on, 32 hex digits. In the views `trial`, `batch` and `failure`, this column is named `cell`.
  d.cell_id as id,
  --- Values of the swept paths, such as `params->>'update.eta'`.
  d.params,
  --- The state: `open`, `done` or `failed` (one of its batches was given up).
  d.state,
  --- Number of trials that count so far: the trials from 0 on, without a gap, that are both computed and requested.
  d.trials,
  --- Number of trials that escaped, whatever their outcome.
  (e.tally ->> 'escaped')::bigint as escaped,
  --- Number of trials with the outcome `escaped`: the escape stopped them, or they escaped and had not converged by the horizon.
  (e.tally -> 'ends' ->> 0)::bigint as end_escaped,
  --- Number of trials with the outcome `converged`.
  (e.tally -> 'ends' ->> 1)::bigint as end_converged,
  --- Number of trials with the outcome `diverged`.
  (e.tally -> 'ends' ->> 2)::bigint as end_diverged,
  --- Number of trials that reached the horizon without an event. The four outcomes sum to `trials`.
  (e.tally -> 'ends' ->> 3)::bigint as end_undecided,
  --- Number of trials that escaped through each named exit; `{}` without named exits.
  farm.counts_of(c.exits, e.tally -> 'exits', false) as exits,
  --- Number of trials that settled in each named minimum, with `other` for all other minima; `{}` without named minima.
  farm.counts_of(c.minima, e.tally -> 'settled', true) as settled,
  --- Number of trials whose end state is in each class, with `other` for those in no class; `{}` without classes.
  farm.counts_of(c.classes, e.tally -> 'classes', true) as classes,
  --- Number of trials that reached each mark; `{}` without marks.
  farm.counts_of(c.marks, e.tally -> 'marks', false) as marks,
  --- Probability of escaping; null if it was not requested. If both escape and convergence stop a trial, it is the probability of escaping before converging.
  d.numbers[1] as escape,
  --- Lower limit of the interval for `escape`. The confidence and the method of the interval are in `estimates`.
  d.numbers[2] as escape_low,
  --- Upper limit of the interval for `escape`.
  d.numbers[3] as escape_high,
  --- Probability of converging.
  d.numbers[4] as converge,
  --- Lower limit of the interval for `converge`.
  d.numbers[5] as converge_low,
  --- Upper limit of the interval for `converge`.
  d.numbers[6] as converge_high,
  --- Probability of diverging.
  d.numbers[7] as diverge,
  --- Lower limit of the interval for `diverge`.
  d.numbers[8] as diverge_low,
  --- Upper limit of the interval for `diverge`.
  d.numbers[9] as diverge_high,
  --- Escapes per step at risk. If the spec has `rate: {after: n}`, both escapes and steps are counted only after a burn-in of n steps; n is in `estimates`.
  d.numbers[10] as escape_rate,
  --- Lower limit of the interval for `escape_rate`.
  d.numbers[11] as escape_rate_low,
  --- Upper limit of the interval for `escape_rate`.
  d.numbers[12] as escape_rate_high,
  --- Restricted mean of the escape step, that is, the mean of `min(tau, horizon)` over all trials.
  d.numbers[13] as escape_step,
  --- Lower limit of the interval for `escape_step`.
  d.numbers[14] as escape_step_low,
  --- Upper limit of the interval for `escape_step`.
  d.numbers[15] as escape_step_high,
  --- Every estimate by its name (`escape`, `exit:upper`, `stay`, `settle:left`, `class:good`, `mark:m2`, `cost:m2`, `joint:escaped,converged,left`, ...). Each has `value`, `low`, `high`, `confidence`, `method` and `events`. Infinite values are stored as text.
  e.estimates,
  --- The rule that ended the cell; null while the cell is open.
  d.stopped::jsonb as stopped,
  --- Number of steps of the trials that count.
  (e.tally ->> 'steps')::numeric as steps,
  --- Thread time of the trials that count, in seconds.
  d.cpu_seconds,
  --- Additive 128-bit hash of (trial index, outcome) over the trials that count. Equal results have equal digests, whichever machines computed them.
  d.digest,
  --- Largest number of steps of a trial.
  c.horizon,
  --- Semantic version of the kernel that the cell needs.
  c.kernel,
  --- The resolved cell: landscape, start, update, trial, seed.
  c.canonical::jsonb as definition,
  --- The value of `data.hash` for the samples that the loss of the cell uses; null without data.
  c.data_hash as data,
  --- The value of `sweep.newest`: whether the name refers to the sweep of this row.
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
  --- Every value of the resolved spec, swept or not, under its dotted path, such as `settings->>'update.eta'`. Lists are text.
  c.settings::jsonb as settings,
  --- Checks of the cell that are not good: `name`, `verdict` (`note`, `doubtful` or `wrong`), `text`, `hint` (what to do). The list is empty if all are good, and null before there are estimates. Comparisons with other cells (`agreement`) appear only in the output of `driftfarm results`.
  d.checks::jsonb as checks,
  --- For internal use: the numbers that `cells(name)` shows for estimates. The field `at` of each column in `sweep.columns` is the index of its number, from 1.
  d.numbers
from farm.request d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
-- Parsed once per row, however many columns a query reads from them, and not at all if it reads none.
cross join lateral (select d.tally::jsonb as tally, d.estimates::jsonb as estimates offset 0) e
-- A search for a threshold requests no trials of the cells that it does not visit.
where d.target > 0;

-- Recorded outcomes one by one. Arrays are read once per batch (`|| '{}'` decompresses them; the volatile column keeps the
-- planner from decompressing them again for each outcome), and only those that a query names. Only the values of one
-- outcome leave the fence (`offset 0`), so no sort, join or group above it carries or reads an array.
create view farm.record as
select
  o.cell_id as cell,
  o.first + t."offset" as index,
  c.method,
  t."end",
  nullif(farm.name_of(c.exits, t.exit), '') as exit,
  farm.name_of(c.minima, t.settled) as settled,
  farm.name_of(c.classes, t.class) as class,
  t.escaped_at,
  t.converged_at,
  t.steps,
  t.loss,
  t.distance,
  t.marks,
  t.exits
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id
cross join lateral (
  select
    coalesce(a.offsets[a.i], a.i - 1) as "offset",
    a.ends[least(a.i, cardinality(a.ends))] as "end",
    a.exits[least(a.i, cardinality(a.exits))]::integer as exit,
    a.settled[least(a.i, cardinality(a.settled))] as settled,
    a.classes[least(a.i, cardinality(a.classes))] as class,
    a.escaped_at[least(a.i, cardinality(a.escaped_at))] as escaped_at,
    a.converged_at[least(a.i, cardinality(a.converged_at))] as converged_at,
    a.steps[least(a.i, cardinality(a.steps))] as steps,
    a.loss[least(a.i, cardinality(a.loss))] as loss,
    a.distance[least(a.i, cardinality(a.distance))] as distance,
    (select coalesce(jsonb_object_agg(m.name, nullif(a.marks[a.i][m.k], 0)), '{}')
      from unnest(c.marks) with ordinality as m (name, k)) as marks,
    (select coalesce(jsonb_object_agg(m.name, a.marks[a.i][m.k]), '{}')
      from unnest(c.marks) with ordinality as m (name, k)) as exits
  from (
    select d.*, generate_series(1, d.kept) as i
    from (
      select
        coalesce(cardinality(o.offsets), b.count)::integer as kept,
        o.offsets || '{}' as offsets,
        o.ends || '{}' as ends,
        o.exits || '{}' as exits,
        o.settled || '{}' as settled,
        o.classes || '{}' as classes,
        o.escaped_at || '{}' as escaped_at,
        o.converged_at || '{}' as converged_at,
        o.steps || '{}' as steps,
        o.loss || '{}' as loss,
        o.distance || '{}' as distance,
        o.marks || '{}' as marks,
        farm.unfolding(o.cell_id, o.first) as fence
    ) d
  ) a
  offset 0
) t;

--- The outcome of one trial. One row per recorded outcome (see `record` in the spec) of a finished batch. An outcome counts only if `trial < cell.trials`. Always filter by `cell`.
create view public.trial as
select
  --- The value of `cell.id`.
  r.cell,
  --- Trial index in the cell, from 0.
  r.index as trial,
  --- Deprecated: use `ended`, which has the same values. The old name is a reserved word in SQL and needs double quotes there. A later version will remove it.
  (array['escaped', 'converged', 'diverged', 'undecided'])[(r."end" & 255) + 1] as "end",
  --- The named exit through which the trial escaped; null if there is none.
  r.exit,
  --- The minimum in which the trial settled, or `other`; null if it did not converge.
  r.settled,
  --- The class of the end state, or `other`; null without classes.
  r.class,
  --- Step of the escape; null if the trial did not escape.
  nullif(r.escaped_at, 0) as escaped_at,
  --- Step at which the trial converged; null if it did not converge.
  nullif(r.converged_at, 0) as converged_at,
  --- Number of steps of the trial.
  r.steps,
  --- Loss at the last theta.
  r.loss,
  --- Distance of the last theta from the start.
  r.distance,
  --- For each mark, the first step at which it was true; null if it never was.
  r.marks,
  --- Whether a basin remained unknown because a descent ran out of steps. This was the descent of the quench or, in a trial that did not escape, a descent that tests for escape from the basin.
  r."end" >= 256 as unreached,
  --- The outcome: `escaped`, `converged`, `diverged` or `undecided`.
  (array['escaped', 'converged', 'diverged', 'undecided'])[(r."end" & 255) + 1] as ended
from farm.record r where r.method = 'direct';

--- One replica of a cell that uses the method `splitting`. One row per recorded outcome of a finished batch. The mean of the column `estimate` is the estimate of the cell. Always filter by `cell`.
create view public.replica as
select
  --- The value of `cell.id`.
  r.cell,
  --- Index of the replica in the cell, from 0. It corresponds to the column `trial` of other views.
  r.index as replica,
  --- Estimate of the probability of escape: weight times the share of particles that finally escaped; 0 if all particles died.
  r.loss as estimate,
  --- Product, over all levels, of the share of particles that survived the level.
  r.distance as weight,
  --- Number of levels at which particles were killed.
  r.escaped_at as levels,
  --- Number of particles that finally escaped.
  r.converged_at as escaped,
  --- Number of steps of all particles.
  r.steps,
  --- Number of particles that escaped through each named exit.
  r.exits
from farm.record r where r.method = 'splitting';

--- One trial of a cell that uses the method `tilt`. One row per recorded outcome of a finished batch. The mean of the column `value` is the estimate of the cell. Always filter by `cell`.
create view public.weighted as
select
  --- The value of `cell.id`.
  r.cell,
  --- Trial index in the cell, from 0.
  r.index as trial,
  --- The weight of the noise of the trial if the trial escaped, otherwise 0.
  r.loss as value,
  --- Logarithm of a ratio of densities: the density of the trial's noise under the tilt, divided by its density under the original distribution.
  r.distance as log_ratio,
  --- The named exit through which the trial escaped; null if there is none.
  r.exit,
  --- Step of the escape; null if the trial did not escape.
  nullif(r.escaped_at, 0) as escaped_at,
  --- Number of steps of the trial.
  r.steps
from farm.record r where r.method = 'tilt';

--- A contiguous range of trials of a cell: the unit of queueing, computing and committing.
create view public.batch as
select
  --- The value of `cell.id`.
  b.cell_id as cell,
  --- Index of the first trial of the batch.
  b.first,
  --- Number of trials of the batch.
  b.count,
  --- The state: `ready`, `leased`, `parked` (no live sweep needs it now), `done` or `failed`.
  case when p.cell_id is null then 'done' when u.worker_id is null then p.state else 'leased' end as state,
  --- A counter, from 1. It increases each time that the batch leaves its bundle without being committed, and each time that it is retried.
  coalesce(p.generation, b.generation) as generation,
  --- Number of times that a worker took the batch.
  coalesce(p.attempts + coalesce(u.leases, 0), b.attempts) as attempts,
  --- Number of attempts that a live worker reported as failed.
  coalesce(p.failures, b.failures) as failures,
  --- Number of attempts that ended without a report.
  coalesce(p.vanished, b.vanished) as vanished,
  --- The `worker.id` of the last worker that took the batch.
  coalesce(u.worker_id, b.worker_id) as worker,
  --- Time at which the job for the bundle of the batch was added to the queue; null before that.
  case when p.cell_id is null then b.queued_at else u.queued_at end as fed_at,
  --- Start of the last attempt.
  coalesce(u.started_at, b.started_at) as started_at,
  --- Time at which the batch was committed.
  b.finished_at,
  --- Thread time of the attempt that was committed, in seconds.
  b.cpu_seconds,
  --- Number of trials that escaped.
  (b.tally ->> 'escaped')::bigint as escaped,
  --- Number of steps of all trials.
  (b.tally ->> 'steps')::numeric as steps,
  --- Additive 128-bit hash of (trial index, outcome) over the trials of the batch.
  b.digest,
  --- The rule by which its outcomes were recorded (`record` in the spec).
  b.record::jsonb as record
from farm.batch b
left join farm.pending p on p.cell_id = b.cell_id and p.first = b.first
left join farm.bundle u on u.id = p.bundle
union all
select
  p.cell_id,
  p.first,
  p.count,
  case when u.worker_id is null then p.state else 'leased' end,
  p.generation,
  p.attempts + coalesce(u.leases, 0),
  p.failures,
  p.vanished,
  u.worker_id,
  u.queued_at,
  u.started_at,
  p.finished_at,
  null,
  null,
  null,
  null,
  null
from farm.pending p
left join farm.bundle u on u.id = p.bundle
where not exists (select from farm.batch b where b.cell_id = p.cell_id and b.first = p.first);

--- A process that computes or coordinates. Ended processes are listed too.
create view public.worker as
select
  --- Unique id of the process. Each start of a process has a new id.
  w.id,
  --- The kind of process: `worker`, `run`, `up` or `coordinator`.
  w.kind,
  --- Name of the machine.
  w.host,
  --- Process id on that machine.
  w.pid,
  --- Number of computing threads.
  w.threads,
  --- Semantic version of the kernel of the process.
  w.kernel,
  --- The state: `alive`, `draining`, `gone` (it signed off) or `lost` (no heartbeat for 15 s).
  case when w.state <> 'gone' and w.seen_at <= now() - interval '15 seconds' then 'lost' else w.state end as state,
  --- Time at which the process started.
  w.started_at,
  --- Time of its last heartbeat.
  w.seen_at,
  --- Number of batches that the process committed.
  w.batches,
  --- Number of trials that the process committed.
  w.trials,
  --- Thread time of these trials, in seconds.
  w.cpu_seconds,
  --- The queue from which the process takes jobs: `redis://host:port/database`, or `postgres` for the queue in this database; null if unknown.
  w.queue,
  --- The problem that keeps the process from working, such as a full database; null if there is none.
  w.trouble
from farm.worker w;

--- Failed attempts to compute a batch, newest last.
create view public.failure as
select
  --- Sequence number.
  f.id,
  --- The value of `cell.id`.
  f.cell_id as cell,
  --- Index of the first trial of the batch.
  f.first,
  --- Number of trials of the batch.
  f.count,
  --- Value of `batch.generation` when the batch failed.
  f.generation,
  --- The `worker.id` of the worker that made the attempt; null if unknown.
  f.worker_id as worker,
  --- The kind of failure: `throw`, `exit`, `memory`, `deadline`, `vanished` or `determinism`.
  f.kind,
  --- Description of the failure.
  f.message,
  --- Deprecated: use `failed_at`, which has the same values. The old name is a reserved word in DuckDB and needs double quotes there. A later version will remove it.
  f.at,
  --- Time of the failure.
  f.at as failed_at
from farm.failure f;

--- A set of samples for losses, identified by its content. The set is kept as long as a cell uses it.
create view public.data as
select
  --- SHA-256 of the shape and the numbers of the data, 64 hex digits. The column `data` of the view `cell` has the same value.
  d.hash,
  --- Number of samples.
  d.rows,
  --- Number of values per sample. The inputs come first, then the targets.
  d.columns,
  --- Size of the numbers in bytes, 8 per number.
  8::bigint * d.rows * d.columns as bytes,
  --- Number of cells that use the data. A cell counts once, however many sweeps contain it.
  (select count(*) from farm.cell c where c.data_hash = d.hash) as cells,
  --- Time at which the first cell that uses the data was submitted.
  d.created_at
from farm.data d;

--- A comparison of a probability between two cells of an ended sweep. One row per contrast of the spec and pair of cells.
create view public.contrast as
select
  --- The value of `sweep.id`.
  k.sweep_id as sweep,
  --- The value of `sweep.name`. Several sweeps may share this name: add `and newest` to select the one to which the name refers.
  s.name as sweep_name,
  --- Index of the contrast in the spec, from 0.
  k.place as index,
  --- The probability that is compared, by its name in `estimates`.
  s.demand -> 'contrasts' -> k.place ->> 'of' as of,
  --- The comparison. `difference`: first minus second; `ratio`: first divided by second.
  s.demand -> 'contrasts' -> k.place ->> 'kind' as kind,
  --- The swept path whose values differ.
  s.demand -> 'contrasts' -> k.place ->> 'path' as path,
  --- The `cell.index` of the first cell.
  k."first" as first_index,
  --- The `cell.index` of the second cell.
  k.second as second_index,
  --- The `cell.id` of the first cell.
  d.cell_id as first_cell,
  --- The `cell.id` of the second cell.
  e.cell_id as second_cell,
  --- The `cell.params` of the first cell.
  d.params as first_params,
  --- The `cell.params` of the second cell.
  e.params as second_params,
  --- The difference or the ratio. A ratio is Infinity if only the second cell has no events, and NaN if neither cell has events.
  (k.estimate ->> 'value')::double precision as value,
  --- Lower limit of the interval.
  (k.estimate ->> 'low')::double precision as low,
  --- Upper limit of the interval.
  (k.estimate ->> 'high')::double precision as high,
  --- Confidence of the interval.
  (k.estimate ->> 'confidence')::double precision as confidence,
  --- Method of the interval: `miettinen-nurminen` (independent cells), `tango` or `tang` (pairs of trials with shared noise), or `bonferroni:..`, which combines the intervals of the two cells.
  k.estimate ->> 'method' as method,
  --- Number of contrasts that together have the error probability 1 - confidence; null if each contrast has its own.
  (k.estimate ->> 'simultaneous')::integer as simultaneous,
  --- Number of trial indices at which both cells had the event; null unless the cells share their noise (common streams).
  (k.estimate -> 'paired' ->> 'both')::bigint as both_had,
  --- Number of trial indices at which only the first cell had the event.
  (k.estimate -> 'paired' ->> 'first')::bigint as first_had,
  --- Number of trial indices at which only the second cell had the event.
  (k.estimate -> 'paired' ->> 'second')::bigint as second_had,
  --- Number of trial indices at which neither cell had the event.
  (k.estimate -> 'paired' ->> 'neither')::bigint as neither_had,
  --- The p-value of McNemar's exact test of equal probabilities; null if there are no pairs of trials, or if the number of trials depended on the data.
  (k.estimate ->> 'pValue')::double precision as p_value,
  --- The value of `sweep.newest`: whether the name refers to the sweep of this row.
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.request d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.request e on e.sweep_id = k.sweep_id and e.index = k.second;

--- Number of batches of the whole farm by state, in one row. The cost of the query does not depend on the number of finished batches. Autoscalers read the column `demand`.
create view public.queue as
select
  --- Number of batches that are waiting or running.
  count(*) filter (where p.bundle is not null) as demand,
  --- Number of dispatched batches that have not started.
  count(*) filter (where p.bundle is not null and u.worker_id is null) as waiting,
  --- Number of batches that are being computed.
  count(*) filter (where u.worker_id is not null) as running,
  --- Number of batches that were given up and not retried yet.
  count(*) filter (where p.state = 'failed') as failed
from farm.pending p left join farm.bundle u on u.id = p.bundle
where p.bundle is not null or p.state = 'failed';

--- Exact and theoretical results for cells, computed on request (HTTP routes `exact` and `theorem`). One row per result.
create view public.exact as
select
  --- The value of `cell.id`.
  e.cell_id as cell,
  --- The kind of result. `oracle`: exact values; `theorem`: Theorem 1 and its bounds.
  e.kind,
  --- The horizons for which an exact result was computed; empty for a theorem.
  e.inputs as asked,
  --- The result, as in the documents `Oracle` and `Theorem`.
  e.document,
  --- Computing time in seconds.
  e.seconds,
  --- Time of the computation.
  e.computed_at
from farm.exact e;

--- Actions on sweeps over HTTP, each with the token that requested it. One row per action. Refused requests are not included.
create view public.action as
select
  --- Sequence number, in the order of the actions.
  a.id,
  --- Time of the action.
  a.acted_at,
  --- Name of the token of the request; null if the request had no token, because it came from the machine of the farm.
  a.token,
  --- The action: `submit`, `pause`, `resume`, `stop`, `cancel`, `retry`, `extend` or `remove`.
  a.verb,
  --- The `sweep.id` of the sweep, which may have been removed.
  a.sweep_id as sweep,
  --- The name of the sweep at that time.
  a.sweep_name,
  --- Further data of the action: for `extend` the requested number of trials per cell, for `remove` the number of cells that were removed.
  a.detail,
  --- Id of the request, as in the log and in the response header `x-request-id`.
  a.request
from farm.action a;
