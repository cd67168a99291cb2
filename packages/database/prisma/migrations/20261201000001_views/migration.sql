-- The views and functions for outside clients, and the login that may read them. The comments become
-- docs/reference/database.md.

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

create view public.sweep as
select
  s.id,
  s.name,
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
  case
    when s.state in ('planned', 'running') and s.runner is not null and not exists (
      select from farm.worker w
      where w.id = s.runner and w.state <> 'gone' and w.seen_at > now() - interval '15 seconds') then 'interrupted'
    else s.state
  end as state,
  s.reason,
  s.seed::numeric(20, 0) as seed,
  s.cells,
  s.trials,
  s.max_trials,
  s.cpu_seconds,
  s.priority,
  s.tags,
  s.axes,
  s.demand,
  s.spec,
  s.submission,
  s.submitted_at,
  s.finished_at,
  s.columns::jsonb as columns
from farm.sweep s;
comment on view public.sweep is 'A named set of cells with a request (budget or stopping rules) for each. One row per sweep.';
comment on column public.sweep.id is 'Hash of the name and the set of cells of the sweep, 32 hex digits.';
comment on column public.sweep.name is 'Name of the sweep. Several sweeps may share a name.';
comment on column public.sweep.newest is 'Whether this sweep was the last one submitted under its name, so that the name refers to it.';
comment on column public.sweep.state is 'The state: `planned`, `running`, `paused`, `interrupted`, `stopped`, `cancelled`, `incomplete` or `complete`.';
comment on column public.sweep.reason is 'The reason for this state, as a sentence; null if there is none.';
comment on column public.sweep.seed is 'Seed of the random numbers, 0 .. 2^64 - 1.';
comment on column public.sweep.cells is 'Number of cells.';
comment on column public.sweep.trials is 'Number of trials that count so far (see `cell.trials`), over all cells.';
comment on column public.sweep.max_trials is 'Largest number of trials that the budget or the stopping rules allow, summed over all cells.';
comment on column public.sweep.cpu_seconds is 'Thread time of the trials that count, in seconds.';
comment on column public.sweep.priority is '-10 .. 10. Sweeps with a higher priority are dispatched first.';
comment on column public.sweep.tags is 'The tags in the spec.';
comment on column public.sweep.axes is 'Swept paths, in order.';
comment on column public.sweep.demand is 'The request of the newest submission for each cell: budget or stopping rules, `record`, `horizons`, `rateAfter` (the burn-in of `escapeRate`), `confidence`, `estimates`.';
comment on column public.sweep.spec is 'The spec as submitted.';
comment on column public.sweep.submission is 'Number of submissions that changed the sweep, including the first one.';
comment on column public.sweep.submitted_at is 'Time of the last submission that changed the sweep.';
comment on column public.sweep.finished_at is 'Time at which the sweep reached its final state; null while work is left.';
comment on column public.sweep.columns is 'The columns that `cells(name)` has in addition to the common ones. For each column: its name and type, its source (`of`: `params` or `estimates`), the key in this source, and for `estimates` the field (`value`, `low` or `high`).';

create view public.cell as
select
  d.sweep_id as sweep,
  s.name as sweep_name,
  d.index,
  d.cell_id as id,
  d.params,
  d.state,
  d.trials,
  (e.tally ->> 'escaped')::bigint as escaped,
  (e.tally -> 'ends' ->> 0)::bigint as end_escaped,
  (e.tally -> 'ends' ->> 1)::bigint as end_converged,
  (e.tally -> 'ends' ->> 2)::bigint as end_diverged,
  (e.tally -> 'ends' ->> 3)::bigint as end_undecided,
  farm.counts_of(c.exits, e.tally -> 'exits', false) as exits,
  farm.counts_of(c.minima, e.tally -> 'settled', true) as settled,
  farm.counts_of(c.classes, e.tally -> 'classes', true) as classes,
  farm.counts_of(c.marks, e.tally -> 'marks', false) as marks,
  d.numbers[1] as escape,
  d.numbers[2] as escape_low,
  d.numbers[3] as escape_high,
  d.numbers[4] as converge,
  d.numbers[5] as converge_low,
  d.numbers[6] as converge_high,
  d.numbers[7] as diverge,
  d.numbers[8] as diverge_low,
  d.numbers[9] as diverge_high,
  d.numbers[10] as escape_rate,
  d.numbers[11] as escape_rate_low,
  d.numbers[12] as escape_rate_high,
  d.numbers[13] as escape_step,
  d.numbers[14] as escape_step_low,
  d.numbers[15] as escape_step_high,
  e.estimates,
  d.stopped::jsonb as stopped,
  (e.tally ->> 'steps')::numeric as steps,
  d.cpu_seconds,
  d.digest,
  c.horizon,
  c.kernel,
  c.canonical::jsonb as definition,
  c.data_hash as data,
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
  c.settings::jsonb as settings,
  d.checks::jsonb as checks,
  d.numbers
from farm.request d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
-- Parsed once per row, however many columns a query reads from them, and not at all if it reads none.
cross join lateral (select d.tally::jsonb as tally, d.estimates::jsonb as estimates offset 0) e
-- A search for a threshold requests no trials of the cells that it does not visit.
where d.target > 0;
comment on view public.cell is 'A parameter point of a sweep, with its counts and estimates. One row per cell and sweep: sweeps with the same cell share its trials. All counts are over the trials 0 .. trials - 1 of the cell.';
comment on column public.cell.sweep is 'The value of `sweep.id`.';
comment on column public.cell.sweep_name is 'The value of `sweep.name`. Several sweeps may share this name: add `and newest` to select the one to which the name refers.';
comment on column public.cell.index is 'Index of the cell in its sweep, from 0, in the order of the axes.';
comment on column public.cell.id is 'Hash of everything that a trial depends on, 32 hex digits. In the views `trial`, `batch` and `failure`, this column is named `cell`.';
comment on column public.cell.params is 'Values of the swept paths, such as `params->>''update.eta''`.';
comment on column public.cell.state is 'The state: `open`, `done` or `failed` (one of its batches was given up).';
comment on column public.cell.trials is 'Number of trials that count so far: the trials from 0 on, without a gap, that are both computed and requested.';
comment on column public.cell.escaped is 'Number of trials that escaped, whatever their outcome.';
comment on column public.cell.end_escaped is 'Number of trials with the outcome `escaped`: the escape stopped them, or they escaped and had not converged by the horizon.';
comment on column public.cell.end_converged is 'Number of trials with the outcome `converged`.';
comment on column public.cell.end_diverged is 'Number of trials with the outcome `diverged`.';
comment on column public.cell.end_undecided is 'Number of trials that reached the horizon without an event. The four outcomes sum to `trials`.';
comment on column public.cell.exits is 'Number of trials that escaped through each named exit; `{}` without named exits.';
comment on column public.cell.settled is 'Number of trials that settled in each named minimum, with `other` for all other minima; `{}` without named minima.';
comment on column public.cell.classes is 'Number of trials whose end state is in each class, with `other` for those in no class; `{}` without classes.';
comment on column public.cell.marks is 'Number of trials that reached each mark; `{}` without marks.';
comment on column public.cell.escape is 'Probability of escaping; null if it was not requested. If both escape and convergence stop a trial, it is the probability of escaping before converging.';
comment on column public.cell.escape_low is 'Lower limit of the interval for `escape`. The confidence and the method of the interval are in `estimates`.';
comment on column public.cell.escape_high is 'Upper limit of the interval for `escape`.';
comment on column public.cell.converge is 'Probability of converging.';
comment on column public.cell.converge_low is 'Lower limit of the interval for `converge`.';
comment on column public.cell.converge_high is 'Upper limit of the interval for `converge`.';
comment on column public.cell.diverge is 'Probability of diverging.';
comment on column public.cell.diverge_low is 'Lower limit of the interval for `diverge`.';
comment on column public.cell.diverge_high is 'Upper limit of the interval for `diverge`.';
comment on column public.cell.escape_rate is 'Escapes per step at risk. If the spec has `rate: {after: n}`, both escapes and steps are counted only after a burn-in of n steps; n is in `estimates`.';
comment on column public.cell.escape_rate_low is 'Lower limit of the interval for `escape_rate`.';
comment on column public.cell.escape_rate_high is 'Upper limit of the interval for `escape_rate`.';
comment on column public.cell.escape_step is 'Restricted mean of the escape step, that is, the mean of `min(tau, horizon)` over all trials.';
comment on column public.cell.escape_step_low is 'Lower limit of the interval for `escape_step`.';
comment on column public.cell.escape_step_high is 'Upper limit of the interval for `escape_step`.';
comment on column public.cell.estimates is 'Every estimate by its name (`escape`, `exit:upper`, `stay`, `settle:left`, `class:good`, `mark:m2`, `cost:m2`, `joint:escaped,converged,left`, ...). Each has `value`, `low`, `high`, `confidence`, `method` and `events`. Infinite values are stored as text.';
comment on column public.cell.stopped is 'The rule that ended the cell; null while the cell is open.';
comment on column public.cell.steps is 'Number of steps of the trials that count.';
comment on column public.cell.cpu_seconds is 'Thread time of the trials that count, in seconds.';
comment on column public.cell.digest is 'Additive 128-bit hash of (trial index, outcome) over the trials that count. Equal results have equal digests, whichever machines computed them.';
comment on column public.cell.horizon is 'Largest number of steps of a trial.';
comment on column public.cell.kernel is 'Semantic version of the kernel that the cell needs.';
comment on column public.cell.definition is 'The resolved cell: landscape, start, update, trial, seed.';
comment on column public.cell.data is 'The value of `data.hash` for the samples that the loss of the cell uses; null without data.';
comment on column public.cell.newest is 'The value of `sweep.newest`: whether the name refers to the sweep of this row.';
comment on column public.cell.settings is 'Every value of the resolved spec, swept or not, under its dotted path, such as `settings->>''update.eta''`. Lists are text.';
comment on column public.cell.checks is 'Checks of the cell that are not good: `name`, `verdict` (`note`, `doubtful` or `wrong`), `text`, `hint` (what to do). The list is empty if all are good, and null before there are estimates. Comparisons with other cells (`agreement`) appear only in the output of `driftfarm results`.';
comment on column public.cell.numbers is 'For internal use: the numbers that `cells(name)` shows for estimates. The field `at` of each column in `sweep.columns` is the index of its number, from 1.';

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
    a.ends[least(a.i, a.n_ends)] as "end",
    a.exits[least(a.i, a.n_exits)]::integer as exit,
    a.settled[least(a.i, a.n_settled)] as settled,
    a.classes[least(a.i, a.n_classes)] as class,
    a.escaped_at[least(a.i, a.n_escaped_at)] as escaped_at,
    a.converged_at[least(a.i, a.n_converged_at)] as converged_at,
    a.steps[least(a.i, a.n_steps)] as steps,
    a.loss[least(a.i, a.n_loss)] as loss,
    a.distance[least(a.i, a.n_distance)] as distance,
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
        cardinality(o.ends) as n_ends,
        cardinality(o.exits) as n_exits,
        cardinality(o.settled) as n_settled,
        cardinality(o.classes) as n_classes,
        cardinality(o.escaped_at) as n_escaped_at,
        cardinality(o.converged_at) as n_converged_at,
        cardinality(o.steps) as n_steps,
        cardinality(o.loss) as n_loss,
        cardinality(o.distance) as n_distance,
        farm.unfolding(o.cell_id, o.first) as fence
    ) d
  ) a
  offset 0
) t;

create view public.trial as
select
  r.cell,
  r.index as trial,
  (array['escaped', 'converged', 'diverged', 'undecided'])[(r."end" & 255) + 1] as "end",
  r.exit,
  r.settled,
  r.class,
  nullif(r.escaped_at, 0) as escaped_at,
  nullif(r.converged_at, 0) as converged_at,
  r.steps,
  r.loss,
  r.distance,
  r.marks,
  r."end" >= 256 as unreached,
  (array['escaped', 'converged', 'diverged', 'undecided'])[(r."end" & 255) + 1] as ended
from farm.record r where r.method = 'direct';
comment on view public.trial is 'The outcome of one trial. One row per recorded outcome (see `record` in the spec) of a finished batch. An outcome counts only if `trial < cell.trials`. Always filter by `cell`.';
comment on column public.trial.cell is 'The value of `cell.id`.';
comment on column public.trial.trial is 'Trial index in the cell, from 0.';
comment on column public.trial."end" is 'Goes away: use ended. The same, under a word that SQL reserves.';
comment on column public.trial.exit is 'The named exit through which the trial escaped; null if there is none.';
comment on column public.trial.settled is 'The minimum in which the trial settled, or `other`; null if it did not converge.';
comment on column public.trial.class is 'The class of the end state, or `other`; null without classes.';
comment on column public.trial.escaped_at is 'Step of the escape; null if the trial did not escape.';
comment on column public.trial.converged_at is 'Step at which the trial converged; null if it did not converge.';
comment on column public.trial.steps is 'Number of steps of the trial.';
comment on column public.trial.loss is 'Loss at the last theta.';
comment on column public.trial.distance is 'Distance of the last theta from the start.';
comment on column public.trial.marks is 'For each mark, the first step at which it was true; null if it never was.';
comment on column public.trial.unreached is 'Whether a basin remained unknown because a descent ran out of steps. This was the descent of the quench or, in a trial that did not escape, a descent that tests for escape from the basin.';
comment on column public.trial.ended is 'The outcome: `escaped`, `converged`, `diverged` or `undecided`.';

create view public.replica as
select r.cell, r.index as replica, r.loss as estimate, r.distance as weight, r.escaped_at as levels,
  r.converged_at as escaped, r.steps, r.exits
from farm.record r where r.method = 'splitting';
comment on view public.replica is 'One replica of a cell that uses the method `splitting`. One row per recorded outcome of a finished batch. The mean of the column `estimate` is the estimate of the cell. Always filter by `cell`.';
comment on column public.replica.cell is 'The value of `cell.id`.';
comment on column public.replica.replica is 'Index of the replica in the cell, from 0. It corresponds to the column `trial` of other views.';
comment on column public.replica.estimate is 'Estimate of the probability of escape: weight times the share of particles that finally escaped; 0 if all particles died.';
comment on column public.replica.weight is 'Product, over all levels, of the share of particles that survived the level.';
comment on column public.replica.levels is 'Number of levels at which particles were killed.';
comment on column public.replica.escaped is 'Number of particles that finally escaped.';
comment on column public.replica.steps is 'Number of steps of all particles.';
comment on column public.replica.exits is 'Number of particles that escaped through each named exit.';

create view public.weighted as
select r.cell, r.index as trial, r.loss as value, r.distance as log_ratio, r.exit,
  nullif(r.escaped_at, 0) as escaped_at, r.steps
from farm.record r where r.method = 'tilt';
comment on view public.weighted is 'One trial of a cell that uses the method `tilt`. One row per recorded outcome of a finished batch. The mean of the column `value` is the estimate of the cell. Always filter by `cell`.';
comment on column public.weighted.cell is 'The value of `cell.id`.';
comment on column public.weighted.trial is 'Trial index in the cell, from 0.';
comment on column public.weighted.value is 'The weight of the noise of the trial if the trial escaped, otherwise 0.';
comment on column public.weighted.log_ratio is 'Logarithm of a ratio of densities: the density of the trial''s noise under the tilt, divided by its density under the original distribution.';
comment on column public.weighted.exit is 'The named exit through which the trial escaped; null if there is none.';
comment on column public.weighted.escaped_at is 'Step of the escape; null if the trial did not escape.';
comment on column public.weighted.steps is 'Number of steps of the trial.';

create view public.batch as
select
  b.cell_id as cell,
  b.first,
  b.count,
  case when p.cell_id is null then 'done' when u.worker_id is null then p.state else 'leased' end as state,
  coalesce(p.generation, b.generation) as generation,
  coalesce(p.attempts + coalesce(u.leases, 0), b.attempts) as attempts,
  coalesce(p.failures, b.failures) as failures,
  coalesce(p.vanished, b.vanished) as vanished,
  coalesce(u.worker_id, b.worker_id) as worker,
  case when p.cell_id is null then b.queued_at else u.queued_at end as fed_at,
  coalesce(u.started_at, b.started_at) as started_at,
  b.finished_at,
  b.cpu_seconds,
  (b.tally ->> 'escaped')::bigint as escaped,
  (b.tally ->> 'steps')::numeric as steps,
  b.digest,
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
comment on view public.batch is 'A contiguous range of trials of a cell: the unit of queueing, computing and committing.';
comment on column public.batch.cell is 'The value of `cell.id`.';
comment on column public.batch.first is 'Index of the first trial of the batch.';
comment on column public.batch.count is 'Number of trials of the batch.';
comment on column public.batch.state is 'The state: `ready`, `leased`, `parked` (no live sweep needs it now), `done` or `failed`.';
comment on column public.batch.generation is 'A counter, from 1. It increases each time that the batch leaves its bundle without being committed, and each time that it is retried.';
comment on column public.batch.attempts is 'Number of times that a worker took the batch.';
comment on column public.batch.failures is 'Number of attempts that a live worker reported as failed.';
comment on column public.batch.vanished is 'Number of attempts that ended without a report.';
comment on column public.batch.worker is 'The `worker.id` of the last worker that took the batch.';
comment on column public.batch.fed_at is 'Time at which the job for the bundle of the batch was added to the queue; null before that.';
comment on column public.batch.started_at is 'Start of the last attempt.';
comment on column public.batch.finished_at is 'Time at which the batch was committed.';
comment on column public.batch.cpu_seconds is 'Thread time of the attempt that was committed, in seconds.';
comment on column public.batch.escaped is 'Number of trials that escaped.';
comment on column public.batch.steps is 'Number of steps of all trials.';
comment on column public.batch.digest is 'Additive 128-bit hash of (trial index, outcome) over the trials of the batch.';
comment on column public.batch.record is 'The rule by which its outcomes were recorded (`record` in the spec).';

create view public.worker as
select
  w.id,
  w.kind,
  w.host,
  w.pid,
  w.threads,
  w.kernel,
  case when w.state <> 'gone' and w.seen_at <= now() - interval '15 seconds' then 'lost' else w.state end as state,
  w.started_at,
  w.seen_at,
  w.batches,
  w.trials,
  w.cpu_seconds,
  w.queue,
  w.trouble
from farm.worker w;
comment on view public.worker is 'A process that computes or coordinates. Ended processes are listed too.';
comment on column public.worker.id is 'Unique id of the process. Each start of a process has a new id.';
comment on column public.worker.kind is 'The kind of process: `worker`, `run`, `up` or `coordinator`.';
comment on column public.worker.host is 'Name of the machine.';
comment on column public.worker.pid is 'Process id on that machine.';
comment on column public.worker.threads is 'Number of computing threads.';
comment on column public.worker.kernel is 'Semantic version of the kernel of the process.';
comment on column public.worker.state is 'The state: `alive`, `draining`, `gone` (it signed off) or `lost` (no heartbeat for 15 s).';
comment on column public.worker.started_at is 'Time at which the process started.';
comment on column public.worker.seen_at is 'Time of its last heartbeat.';
comment on column public.worker.batches is 'Number of batches that the process committed.';
comment on column public.worker.trials is 'Number of trials that the process committed.';
comment on column public.worker.cpu_seconds is 'Thread time of these trials, in seconds.';
comment on column public.worker.queue is 'The queue from which the process takes jobs: `redis://host:port/database`, or `postgres` for the queue in this database; null if unknown.';
comment on column public.worker.trouble is 'The problem that keeps the process from working, such as a full database; null if there is none.';

create view public.failure as
select f.id, f.cell_id as cell, f.first, f.count, f.generation, f.worker_id as worker, f.kind, f.message, f.at,
       f.at as failed_at
from farm.failure f;
comment on view public.failure is 'Failed attempts to compute a batch, newest last.';
comment on column public.failure.id is 'Sequence number.';
comment on column public.failure.cell is 'The value of `cell.id`.';
comment on column public.failure.first is 'Index of the first trial of the batch.';
comment on column public.failure.count is 'Number of trials of the batch.';
comment on column public.failure.generation is 'Value of `batch.generation` when the batch failed.';
comment on column public.failure.worker is 'The `worker.id` of the worker that made the attempt; null if unknown.';
comment on column public.failure.kind is 'The kind of failure: `throw`, `exit`, `memory`, `deadline`, `vanished` or `determinism`.';
comment on column public.failure.message is 'Description of the failure.';
comment on column public.failure.at is 'Goes away: use failed_at. The same, under a word that DuckDB reserves.';
comment on column public.failure.failed_at is 'Time of the failure.';

create view public.data as
select
  d.hash,
  d.rows,
  d.columns,
  8::bigint * d.rows * d.columns as bytes,
  (select count(*) from farm.cell c where c.data_hash = d.hash) as cells,
  d.created_at
from farm.data d;
comment on view public.data is 'A set of samples for losses, identified by its content. The set is kept as long as a cell uses it.';
comment on column public.data.hash is 'SHA-256 of the shape and the numbers of the data, 64 hex digits. The column `data` of the view `cell` has the same value.';
comment on column public.data.rows is 'Number of samples.';
comment on column public.data.columns is 'Number of values per sample. The inputs come first, then the targets.';
comment on column public.data.bytes is 'Size of the numbers in bytes, 8 per number.';
comment on column public.data.cells is 'Number of cells that use the data. A cell counts once, however many sweeps contain it.';
comment on column public.data.created_at is 'Time at which the first cell that uses the data was submitted.';

create view public.contrast as
select
  k.sweep_id as sweep,
  s.name as sweep_name,
  k.place as index,
  s.demand -> 'contrasts' -> k.place ->> 'of' as of,
  s.demand -> 'contrasts' -> k.place ->> 'kind' as kind,
  s.demand -> 'contrasts' -> k.place ->> 'path' as path,
  k."first" as first_index,
  k.second as second_index,
  d.cell_id as first_cell,
  e.cell_id as second_cell,
  d.params as first_params,
  e.params as second_params,
  (k.estimate ->> 'value')::double precision as value,
  (k.estimate ->> 'low')::double precision as low,
  (k.estimate ->> 'high')::double precision as high,
  (k.estimate ->> 'confidence')::double precision as confidence,
  k.estimate ->> 'method' as method,
  (k.estimate ->> 'simultaneous')::integer as simultaneous,
  (k.estimate -> 'paired' ->> 'both')::bigint as both_had,
  (k.estimate -> 'paired' ->> 'first')::bigint as first_had,
  (k.estimate -> 'paired' ->> 'second')::bigint as second_had,
  (k.estimate -> 'paired' ->> 'neither')::bigint as neither_had,
  (k.estimate ->> 'pValue')::double precision as p_value,
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.request d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.request e on e.sweep_id = k.sweep_id and e.index = k.second;
comment on view public.contrast is 'A comparison of a probability between two cells of an ended sweep. One row per contrast of the spec and pair of cells.';
comment on column public.contrast.sweep is 'The value of `sweep.id`.';
comment on column public.contrast.sweep_name is 'The value of `sweep.name`. Several sweeps may share this name: add `and newest` to select the one to which the name refers.';
comment on column public.contrast.index is 'Index of the contrast in the spec, from 0.';
comment on column public.contrast.of is 'The probability that is compared, by its name in `estimates`.';
comment on column public.contrast.kind is 'The comparison. `difference`: first minus second; `ratio`: first divided by second.';
comment on column public.contrast.path is 'The swept path whose values differ.';
comment on column public.contrast.first_index is 'The `cell.index` of the first cell.';
comment on column public.contrast.second_index is 'The `cell.index` of the second cell.';
comment on column public.contrast.first_cell is 'The `cell.id` of the first cell.';
comment on column public.contrast.second_cell is 'The `cell.id` of the second cell.';
comment on column public.contrast.first_params is 'The `cell.params` of the first cell.';
comment on column public.contrast.second_params is 'The `cell.params` of the second cell.';
comment on column public.contrast.value is 'The difference or the ratio. A ratio is Infinity if only the second cell has no events, and NaN if neither cell has events.';
comment on column public.contrast.low is 'Lower limit of the interval.';
comment on column public.contrast.high is 'Upper limit of the interval.';
comment on column public.contrast.confidence is 'Confidence of the interval.';
comment on column public.contrast.method is 'Method of the interval: `miettinen-nurminen` (independent cells), `tango` or `tang` (pairs of trials with shared noise), or `bonferroni:..`, which combines the intervals of the two cells.';
comment on column public.contrast.simultaneous is 'Number of contrasts that together have the error probability 1 - confidence; null if each contrast has its own.';
comment on column public.contrast.both_had is 'Number of trial indices at which both cells had the event; null unless the cells share their noise (common streams).';
comment on column public.contrast.first_had is 'Number of trial indices at which only the first cell had the event.';
comment on column public.contrast.second_had is 'Number of trial indices at which only the second cell had the event.';
comment on column public.contrast.neither_had is 'Number of trial indices at which neither cell had the event.';
comment on column public.contrast.p_value is 'The p-value of McNemar''s exact test of equal probabilities; null if there are no pairs of trials, or if the number of trials depended on the data.';
comment on column public.contrast.newest is 'The value of `sweep.newest`: whether the name refers to the sweep of this row.';

create view public.queue as
select
  count(*) filter (where p.bundle is not null) as demand,
  count(*) filter (where p.bundle is not null and u.worker_id is null) as waiting,
  count(*) filter (where u.worker_id is not null) as running,
  count(*) filter (where p.state = 'failed') as failed
from farm.pending p left join farm.bundle u on u.id = p.bundle
where p.bundle is not null or p.state = 'failed';
comment on view public.queue is 'Number of batches of the whole farm by state, in one row. The cost of the query does not depend on the number of finished batches. Autoscalers read the column `demand`.';
comment on column public.queue.demand is 'Number of batches that are waiting or running.';
comment on column public.queue.waiting is 'Number of dispatched batches that have not started.';
comment on column public.queue.running is 'Number of batches that are being computed.';
comment on column public.queue.failed is 'Number of batches that were given up and not retried yet.';

create view public.exact as
select e.cell_id as cell, e.kind, e.inputs as asked, e.document, e.seconds, e.computed_at
from farm.exact e;
comment on view public.exact is 'Exact and theoretical results for cells, computed on request (HTTP routes `exact` and `theorem`). One row per result.';
comment on column public.exact.cell is 'The value of `cell.id`.';
comment on column public.exact.kind is 'The kind of result. `oracle`: exact values; `theorem`: Theorem 1 and its bounds.';
comment on column public.exact.asked is 'The horizons for which an exact result was computed; empty for a theorem.';
comment on column public.exact.document is 'The result, as in the documents `Oracle` and `Theorem`.';
comment on column public.exact.seconds is 'Computing time in seconds.';
comment on column public.exact.computed_at is 'Time of the computation.';

create view public.action as
select a.id, a.acted_at, a.token, a.verb, a.sweep_id as sweep, a.sweep_name, a.detail, a.request
from farm.action a;
comment on view public.action is 'Actions on sweeps over HTTP, each with the token that requested it. One row per action. Refused requests are not included.';
comment on column public.action.id is 'Sequence number, in the order of the actions.';
comment on column public.action.acted_at is 'Time of the action.';
comment on column public.action.token is 'Name of the token of the request; null if the request had no token, because it came from the machine of the farm.';
comment on column public.action.verb is 'The action: `submit`, `pause`, `resume`, `stop`, `cancel`, `retry`, `extend` or `remove`.';
comment on column public.action.sweep is 'The `sweep.id` of the sweep, which may have been removed.';
comment on column public.action.sweep_name is 'The name of the sweep at that time.';
comment on column public.action.detail is 'Further data of the action: for `extend` the requested number of trials per cell, for `remove` the number of cells that were removed.';
comment on column public.action.request is 'Id of the request, as in the log and in the response header `x-request-id`.';

-- The sweeps to which a text may refer, the best match first: by their name (rank 0), by their id (1), or by the beginning of
-- either (2). The argument has a name, because pg_dump could not write it otherwise.
create function farm.sweeps_meant(given text) returns table (id text, name text, rank integer, submitted_at timestamptz)
language sql stable
begin atomic
  select s.id, s.name,
         case when s.name = given
               and not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) then 0
              when s.id = given then 1
              else 2 end,
         s.submitted_at
    from farm.sweep s
   where starts_with(s.id, lower(given)) or starts_with(s.name, given)
   order by 3, 4 desc;
end;

create function public.sweep_id(sweep text) returns text
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  found text[];
  best integer;
begin
  select array_agg(m.id order by m.rank, m.submitted_at desc), min(m.rank) into found, best
    from farm.sweeps_meant(sweep) m;
  if sweep = '' or found is null then
    raise exception 'no sweep %', sweep using errcode = 'no_data_found', hint = 'select name from sweep lists them';
  end if;
  if best = 2 and cardinality(found) > 1 then
    raise exception '% may mean % sweeps', sweep, cardinality(found) using hint = 'more letters of a name or an id';
  end if;
  return found[1];
end $$;
comment on function public.sweep_id(text) is 'The id of the sweep that a name (the newest of that name), an id or the beginning of either means.';

insert into farm.cells_column (name, type) values
  ('index', 'integer'), ('id', 'text'), ('state', 'text'), ('trials', 'bigint'), ('escaped', 'bigint'),
  ('end_escaped', 'bigint'), ('end_converged', 'bigint'), ('end_diverged', 'bigint'), ('end_undecided', 'bigint'),
  ('steps', 'double precision'), ('cpu_seconds', 'double precision'), ('digest', 'text');

-- The query that cells(..) runs, with the rights of its caller.
create function public.cells_query(sweep text, columns text[] default null, types text[] default null) returns text
language plpgsql stable set search_path = pg_catalog as $$
declare
  meant text := public.sweep_id(sweep);
  own jsonb;
  shown text;
begin
  select s.columns into own from public.sweep s where s.id = meant;
  with
    there (name, type, expression, place) as (
      select f.name, f.type, format('c.%s%s', f.name, case f.name when 'steps' then '::double precision' end), f.n
        from rows from (
          unnest(array['index', 'id', 'state', 'trials', 'escaped', 'end_escaped', 'end_converged', 'end_diverged',
            'end_undecided', 'steps', 'cpu_seconds', 'digest']),
          unnest(array['integer', 'text', 'text', 'bigint', 'bigint', 'bigint', 'bigint', 'bigint', 'bigint',
            'double precision', 'double precision', 'text'])) with ordinality f (name, type, n)
      union all
      select e.own ->> 'name', e.own ->> 'type',
             case when e.own ->> 'of' = 'params' then format('(c.params ->> %L)', e.own ->> 'key')
                  else format('c.numbers[%s]', e.own ->> 'at') end || '::' || (e.own ->> 'type'), 100 + e.n
        from jsonb_array_elements(own) with ordinality e (own, n)
    ),
    requested (name, type, place) as (
      select t.name, t.type, t.place from there t where columns is null
      union all
      select u.name, u.type, u.n from rows from (unnest(columns), unnest(types)) with ordinality u (name, type, n)
    )
  select string_agg(format('%s as %I', coalesce(t.expression, 'null::' || coalesce(r.type, 'text')), r.name), ', '
                    order by r.place)
    into shown
    from requested r left join there t on t.name = r.name and t.type = coalesce(r.type, t.type);
  return format(
    'select %s from (select * from public.cell where sweep = %L offset 0) c order by c.index', shown, meant);
end $$;
comment on function public.cells_query(text, text[], text[]) is 'The text of a query for the cells of a sweep with exactly its own columns: in psql, select cells_query(''name'') \gexec. With columns: these, in this order; one that the sweep has not is null, of its type in types.';

-- The named columns, for a list of their types: cells(name, columns) as c (..).
create function public.cells(sweep text, columns text[]) returns setof record
language plpgsql stable rows 100 set search_path = pg_catalog as $$
begin
  return query execute public.cells_query(sweep, columns);
end $$;
comment on function public.cells(text, text[]) is 'The named columns of the cells of a sweep: cells(name, columns) as c ("update.eta" double precision, escape double precision).';

-- The columns of a function are fixed when it is created, so cells(name) is created again when a sweep has new columns. This
-- does not wait for readers. A row can have at most 1,600 columns.
create function farm.define_cells() returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  names text[];
  types text[];
  declared text;
begin
  select array_agg(k.name order by k.id), array_agg(k.type order by k.id),
         string_agg(format('%I %s', k.shown, k.type), ', ' order by k.id)
    into names, types, declared
    from (
      select d.*, case when d.type = 'text' and exists (
                    select from farm.cells_column o where o.name = d.name and o.type <> 'text')
                  then left(d.name, 58) || '_text' else d.name end as shown
        from farm.cells_column d
       where d.id <= 12 or d.id in (select n.id from farm.cells_column n order by n.id desc limit 1500)) k;
  drop function if exists public.cells(text);
  execute format(
    'create function public.cells(sweep text) returns table (%s) language plpgsql stable rows 100 set search_path = pg_catalog as %L',
    declared,
    format('begin return query execute public.cells_query($1, %L, %L); end', names, types));
  comment on function public.cells(text) is
    'The cells of a sweep, by its name (the newest of that name), its id or the beginning of either, in order: a typed column a parameter and an estimate. Columns that only other sweeps have are null.';
exception when dependent_objects_still_exist then
  raise warning 'cells(text) keeps its columns, since something in the database is made of it: %', sqlerrm;
end $$;
select farm.define_cells();

-- The login of outside clients owns nothing and may only read the views. A role belongs to the whole server, so another
-- database may have created it, or be creating it now. `prepareReader` sets its password and limits.
do $$ begin
  create role driftfarm_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema public to driftfarm_reader;
grant select on public.sweep, public.cell, public.trial, public.replica, public.weighted, public.batch, public.worker,
  public.failure, public.data, public.contrast, public.queue, public.exact, public.action to driftfarm_reader;
