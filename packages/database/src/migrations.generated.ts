// Generated from prisma/migrations by `pnpm generate`; do not edit.
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: "20261124000000_initial",
    sql: `-- Tables of the farm. The public face is the views (next migration); nothing outside may lean on these.
create schema if not exists farm;

create table farm.sweep (
  id           text primary key,                 -- hash of the set of cells, 32 hex digits
  name         text not null,                    -- of the newest submission
  seed         text not null,                    -- decimal, 0 .. 2^64-1
  state        text not null check (state in ('planned','running','paused','interrupted','stopped','cancelled','incomplete','complete')),
  reason       text,                             -- why it is in this state, for people
  runner       text,                             -- worker.id of the \`run\` process that attends it; null: the farm's own
  spec         text not null,                    -- the document as submitted
  demand       jsonb not null,                   -- spec.Demand
  axes         jsonb not null,                   -- swept paths, in order
  tags         jsonb not null default '{}',
  priority     smallint not null default 0 check (priority between -10 and 10),
  cells        integer not null check (cells > 0),
  max_trials   numeric(30) not null,             -- upper bound over all cells
  submission   integer not null default 1,       -- counts submissions that changed something
  extended     boolean not null default false,   -- more trials were asked for after a look at the first ones
  submitted_at timestamptz not null default now(),
  finished_at  timestamptz
);

-- A name means its newest sweep.
create table farm.sweep_name (
  name     text primary key,
  sweep_id text not null references farm.sweep on delete cascade,
  at       timestamptz not null default now()
);
create index on farm.sweep_name (sweep_id);

create table farm.cell (
  id                text primary key,            -- 32 hex digits of sha256(canonical)
  canonical         text not null,               -- canonical JSON of spec.Cell
  kernel            integer not null,
  exits             text[] not null,
  minima            text[] not null,
  classes           text[] not null,
  marks             text[] not null,
  horizon           bigint not null,
  next              bigint not null default 0 check (next >= 0), -- batches cover exactly [0, next)
  seconds_per_trial double precision,            -- calibration: thread time a trial, from committed batches
  created_at        timestamptz not null default now()
);

-- What a sweep asks of a cell, and what it has got: the contiguous prefix [0, trials) merged so far.
create table farm.demand (
  sweep_id  text not null references farm.sweep on delete cascade,
  index     integer not null,
  cell_id   text not null references farm.cell,
  params    jsonb not null,
  state     text not null default 'open' check (state in ('open','done','failed')),
  target    bigint not null,                     -- feed up to here: the budget, or the next check point
  trials    bigint not null default 0,           -- merged prefix
  batches   bigint not null default 0,           -- merged batches
  tally     jsonb,                               -- statistics' JSON of the prefix's tally
  digest    text,                                -- mset128:.. of the prefix
  cpu_seconds double precision not null default 0,
  estimates jsonb,                               -- {name: estimate} of the prefix
  stopped   jsonb,                               -- {"rule": ...} once done
  primary key (sweep_id, index)
);
create index on farm.demand (cell_id);
create index on farm.demand (sweep_id, state, index);

-- The ledger. Ranges of a cell never overlap and never change, except for a cut.
create table farm.batch (
  cell_id     text not null references farm.cell on delete cascade,
  first       bigint not null check (first >= 0),
  count       bigint not null check (count > 0),
  state       text not null default 'ready' check (state in ('ready','leased','done','failed')),
  generation  integer not null default 1,
  attempts    integer not null default 0,        -- leases
  failures    integer not null default 0,        -- reported by a living worker
  vanished    integer not null default 0,        -- leases that ended without a word
  cut         jsonb,                             -- {"at": index} or {"event": estimate, "nth": k in this batch}: recompute and split
  fed_at      timestamptz,                       -- when its job was put into the queue; null: it is still to be
  worker_id   text,
  started_at  timestamptz,
  finished_at timestamptz,
  cpu_seconds double precision,
  digest      text,                              -- stays while a batch is computed again: the bytes must come out the same
  tally       jsonb,
  record      jsonb,                             -- spec.RecordRule that its kept rows follow
  primary key (cell_id, first)
);
create index on farm.batch (state, fed_at) where state in ('ready','leased');
create index on farm.batch (cell_id) where state = 'failed';

-- Kept outcomes, column arrays a batch.
create table farm.outcome (
  cell_id      text not null,
  first        bigint not null,
  offsets      integer[],                        -- trial index - first of each kept row; null: all, contiguous
  ends         smallint[] not null,
  exits        smallint[] not null,
  settled      integer[] not null,
  classes      integer[] not null,
  escaped_at   bigint[] not null,                -- 0: never
  converged_at bigint[] not null,
  steps        bigint[] not null,
  loss         double precision[] not null,
  distance     double precision[] not null,
  marks        bigint[] not null,                -- row by row, one entry a mark; 0: never
  primary key (cell_id, first),
  foreign key (cell_id, first) references farm.batch on delete cascade
);

create table farm.worker (
  id         text primary key,
  kind       text not null,                      -- worker | run | up | coordinator
  host       text not null,
  pid        integer not null,
  threads    integer not null,
  kernel     integer not null,
  state      text not null default 'alive' check (state in ('alive','draining','gone')),
  started_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  batches    bigint not null default 0,
  trials     bigint not null default 0,
  cpu_seconds double precision not null default 0
);

create table farm.failure (
  id         bigint generated always as identity primary key,
  cell_id    text not null,
  first      bigint not null,
  count      bigint not null,
  generation integer not null,
  worker_id  text,
  kind       text not null,                      -- throw | exit | memory | deadline | vanished | determinism
  message    text not null,
  at         timestamptz not null default now()
);
create index on farm.failure (cell_id, first);

-- Leadership is a row: every feed, settle and state write requires its epoch.
create table farm.leader (
  id      integer primary key check (id = 1),
  holder  text not null,
  kind    text not null,                         -- run | up | coordinator
  epoch   bigint not null,
  until   timestamptz not null
);
`,
  },
  {
    name: "20261124000001_views",
    sql: `-- Ranges of one cell never overlap. The ledger's own locks see to that; this is what holds if one of them is wrong.
-- 30 to 80 us an insert (test/bench/database/exclusion.ts), of batches that take a second.
create extension if not exists btree_gist with schema farm;
alter table farm.batch add constraint batch_ranges_apart
  exclude using gist (cell_id with =, int8range(first, first + count) with &&);

-- Random doubles do not compress: no time is spent on trying.
alter table farm.outcome alter loss set storage external, alter distance set storage external;

-- A code is 0 for none, k for names[k], 65535 for "other".
create function farm.name_of(names text[], code integer) returns text
language sql immutable parallel safe
return case code when 0 then null when 65535 then 'other' else names[code] end;

-- {"left": 9000, "right": 12, "other": 0} of names and the tally's counts; {} where the cell has none of them.
create function farm.counts_of(names text[], counts jsonb, other boolean) returns jsonb
language sql immutable parallel safe
return (
  select coalesce(jsonb_object_agg(case when n <= cardinality(names) then names[n] else 'other' end, count), '{}')
  from jsonb_array_elements(coalesce(counts, '[]')) with ordinality as t (count, n)
  where cardinality(names) > 0 and (n <= cardinality(names) or other) and names is distinct from array['']
);

create view public.sweep as
select
  s.id,
  s.name,
  n.sweep_id is not null as newest,
  case
    when s.state in ('planned', 'running') and s.runner is not null and not exists (
      select from farm.worker w where w.id = s.runner and w.state <> 'gone' and w.seen_at > now() - interval '15 s')
    then 'interrupted' else s.state
  end as state,
  s.reason,
  s.seed::numeric(20) as seed,
  s.cells,
  (select coalesce(sum(d.trials), 0)::bigint from farm.demand d where d.sweep_id = s.id) as trials,
  s.max_trials,
  (select coalesce(sum(d.cpu_seconds), 0) from farm.demand d where d.sweep_id = s.id) as cpu_seconds,
  s.priority,
  s.tags,
  s.axes,
  s.demand,
  s.spec,
  s.submission,
  s.submitted_at,
  s.finished_at
from farm.sweep s
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

create view public.cell as
select
  d.sweep_id as sweep,
  s.name as sweep_name,
  d.index,
  d.cell_id as id,
  d.params,
  d.state,
  d.trials,
  (d.tally ->> 'escaped')::bigint as escaped,
  (d.tally -> 'ends' ->> 0)::bigint as end_escaped,
  (d.tally -> 'ends' ->> 1)::bigint as end_converged,
  (d.tally -> 'ends' ->> 2)::bigint as end_diverged,
  (d.tally -> 'ends' ->> 3)::bigint as end_undecided,
  farm.counts_of(c.exits, d.tally -> 'exits', false) as exits,
  farm.counts_of(c.minima, d.tally -> 'settled', true) as settled,
  farm.counts_of(c.classes, d.tally -> 'classes', true) as classes,
  farm.counts_of(c.marks, d.tally -> 'marks', false) as marks,
  (d.estimates -> 'escape' ->> 'value')::double precision as escape,
  (d.estimates -> 'escape' ->> 'low')::double precision as escape_low,
  (d.estimates -> 'escape' ->> 'high')::double precision as escape_high,
  (d.estimates -> 'converge' ->> 'value')::double precision as converge,
  (d.estimates -> 'converge' ->> 'low')::double precision as converge_low,
  (d.estimates -> 'converge' ->> 'high')::double precision as converge_high,
  (d.estimates -> 'diverge' ->> 'value')::double precision as diverge,
  (d.estimates -> 'diverge' ->> 'low')::double precision as diverge_low,
  (d.estimates -> 'diverge' ->> 'high')::double precision as diverge_high,
  (d.estimates -> 'escapeRate' ->> 'value')::double precision as escape_rate,
  (d.estimates -> 'escapeRate' ->> 'low')::double precision as escape_rate_low,
  (d.estimates -> 'escapeRate' ->> 'high')::double precision as escape_rate_high,
  (d.estimates -> 'escapeStep' ->> 'value')::double precision as escape_step,
  (d.estimates -> 'escapeStep' ->> 'low')::double precision as escape_step_low,
  (d.estimates -> 'escapeStep' ->> 'high')::double precision as escape_step_high,
  d.estimates,
  d.stopped,
  (d.tally ->> 'steps')::numeric as steps,
  d.cpu_seconds,
  d.digest,
  c.horizon,
  c.kernel,
  c.canonical::jsonb as definition
from farm.demand d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id;

-- Each array that a query needs is read once a batch (\`|| '{}'\` takes it out of its compressed storage; the volatile
-- column keeps the planner from doing that again for each trial), then looked into by position; arrays that it does
-- not need are left alone. Five times as fast as unnesting them side by side (test/bench/database/outcomes.ts).
create view public.trial as
select
  o.cell_id as cell,
  o.first + coalesce(t."offset", t.i - 1) as trial,
  (array['escaped', 'converged', 'diverged', 'undecided'])[t."end" + 1] as "end",
  nullif(farm.name_of(c.exits, t.exit), '') as exit,
  farm.name_of(c.minima, t.settled) as settled,
  farm.name_of(c.classes, t.class) as class,
  nullif(t.escaped_at, 0) as escaped_at,
  nullif(t.converged_at, 0) as converged_at,
  t.steps,
  t.loss,
  t.distance,
  (select coalesce(jsonb_object_agg(m.name, nullif(t.marks[t.i][m.k], 0)), '{}')
    from unnest(c.marks) with ordinality as m (name, k)) as marks
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first and b.state = 'done'
join farm.cell c on c.id = o.cell_id
cross join lateral (
  select
    a.i,
    a.offsets[a.i] as "offset",
    a.ends[a.i] as "end",
    a.exits[a.i]::integer as exit,
    a.settled[a.i] as settled,
    a.classes[a.i] as class,
    a.escaped_at[a.i] as escaped_at,
    a.converged_at[a.i] as converged_at,
    a.steps[a.i] as steps,
    a.loss[a.i] as loss,
    a.distance[a.i] as distance,
    a.marks
  from (
    select d.*, generate_series(1, d.kept) as i
    from (
      select
        cardinality(o.ends) as kept,
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
        random() as fence
    ) d
  ) a
) t;

create view public.batch as
select
  b.cell_id as cell,
  b.first,
  b.count,
  b.state,
  b.generation,
  b.attempts,
  b.failures,
  b.vanished,
  b.worker_id as worker,
  b.fed_at,
  b.started_at,
  b.finished_at,
  b.cpu_seconds,
  (b.tally ->> 'escaped')::bigint as escaped,
  (b.tally ->> 'steps')::numeric as steps,
  b.digest,
  b.record
from farm.batch b;

create view public.worker as
select
  w.id,
  w.kind,
  w.host,
  w.pid,
  w.threads,
  w.kernel,
  case when w.state <> 'gone' and w.seen_at <= now() - interval '15 s' then 'lost' else w.state end as state,
  w.started_at,
  w.seen_at,
  w.batches,
  w.trials,
  w.cpu_seconds
from farm.worker w;

create view public.failure as
select f.id, f.cell_id as cell, f.first, f.count, f.generation, f.worker_id as worker, f.kind, f.message, f.at
from farm.failure f;

comment on view public.sweep is 'A named set of cells with a budget or stop rules for each. One row a sweep.';
comment on column public.sweep.id is 'Hash of the set of its cells, 32 hex digits.';
comment on column public.sweep.name is 'Of the newest submission. Several sweeps may have had one name.';
comment on column public.sweep.newest is 'Whether the name means this sweep.';
comment on column public.sweep.state is 'planned, running, paused, interrupted, stopped, cancelled, incomplete or complete.';
comment on column public.sweep.reason is 'Why it is in this state, for people; null if there is nothing to say.';
comment on column public.sweep.seed is '0 .. 2^64 - 1.';
comment on column public.sweep.cells is 'How many cells it has.';
comment on column public.sweep.trials is 'Trials that count so far, over all cells.';
comment on column public.sweep.max_trials is 'The most that its budget or its stop rules allow, over all cells.';
comment on column public.sweep.cpu_seconds is 'Thread time of the trials that count.';
comment on column public.sweep.priority is '-10 .. 10; higher ones are fed first.';
comment on column public.sweep.tags is 'As in the spec.';
comment on column public.sweep.axes is 'Swept paths, in order.';
comment on column public.sweep.demand is 'What the newest submission asks of each cell: budget or stop rules, record, horizons, confidence, estimates.';
comment on column public.sweep.spec is 'The document as submitted.';
comment on column public.sweep.submission is 'How many submissions changed something.';
comment on column public.sweep.submitted_at is 'First submission.';
comment on column public.sweep.finished_at is 'When it came to its last state; null while it has work to do.';

comment on view public.cell is 'A parameter point of a sweep, with its counts and estimates. One row a cell and sweep: sweeps that hold the same cell share its trials. All counts are over the trials 0 .. trials - 1 of the cell.';
comment on column public.cell.sweep is 'sweep.id.';
comment on column public.cell.sweep_name is 'sweep.name.';
comment on column public.cell.index is 'Number of the cell in its sweep, by the axes in order, from 0.';
comment on column public.cell.id is 'Hash of everything that a trial depends on, 32 hex digits. The cell of trial, batch and failure.';
comment on column public.cell.params is 'Values of the swept paths: params->>''update.eta''.';
comment on column public.cell.state is 'open, done, or failed: a batch of it failed for good.';
comment on column public.cell.trials is 'Trials that count so far: the contiguous prefix that is computed and demanded.';
comment on column public.cell.escaped is 'Trials that escaped, whatever their end.';
comment on column public.cell.end_escaped is 'Trials that ended as escaped: stopped by the escape, or escaped and not converged by the horizon.';
comment on column public.cell.end_converged is 'Trials that ended as converged.';
comment on column public.cell.end_diverged is 'Trials that ended as diverged.';
comment on column public.cell.end_undecided is 'Trials that reached the horizon without an event. The four ends sum to trials.';
comment on column public.cell.exits is 'Trials by the named exit that they took, {} without named exits.';
comment on column public.cell.settled is 'Trials by the minimum in which they settled, "other" for none of the named ones; {} without named minima.';
comment on column public.cell.classes is 'Trials by the class of their end state, "other" for none; {} without classes.';
comment on column public.cell.marks is 'Trials that reached each mark; {} without marks.';
comment on column public.cell.escape is 'Probability of escaping; null if it was not asked for. With both events stopping: of escaping before converging.';
comment on column public.cell.escape_low is 'Lower limit of its interval. Confidence and method are in estimates.';
comment on column public.cell.escape_high is 'Upper limit of its interval.';
comment on column public.cell.converge is 'Probability of converging.';
comment on column public.cell.converge_low is 'Lower limit of its interval.';
comment on column public.cell.converge_high is 'Upper limit of its interval.';
comment on column public.cell.diverge is 'Probability of diverging.';
comment on column public.cell.diverge_low is 'Lower limit of its interval.';
comment on column public.cell.diverge_high is 'Upper limit of its interval.';
comment on column public.cell.escape_rate is 'Escapes per step at risk.';
comment on column public.cell.escape_rate_low is 'Lower limit of its interval.';
comment on column public.cell.escape_rate_high is 'Upper limit of its interval.';
comment on column public.cell.escape_step is 'Restricted mean of the escape step: of min(tau, horizon) over all trials.';
comment on column public.cell.escape_step_low is 'Lower limit of its interval.';
comment on column public.cell.escape_step_high is 'Upper limit of its interval.';
comment on column public.cell.estimates is 'Every estimate by name (escape, exit:upper, settle:left, class:good, mark:m2, ...): value, low, high, confidence, method, events.';
comment on column public.cell.stopped is 'Which rule ended the cell; null while it is open.';
comment on column public.cell.steps is 'Steps taken by the trials that count.';
comment on column public.cell.cpu_seconds is 'Thread time of the trials that count.';
comment on column public.cell.digest is 'Additive 128-bit hash of (trial index, outcome) over the trials that count: equal for equal results, whatever computed them.';
comment on column public.cell.horizon is 'Steps of a trial at most.';
comment on column public.cell.kernel is 'Semantic version of the kernel.';
comment on column public.cell.definition is 'The cell resolved: landscape, start, update, trial, seed.';

comment on view public.trial is 'How one trial ended. One row a kept outcome (see record in the spec) of a batch that is done; those with trial < cell.trials count. Always filter by cell.';
comment on column public.trial.cell is 'cell.id.';
comment on column public.trial.trial is 'Trial index in the cell, from 0.';
comment on column public.trial."end" is 'escaped, converged, diverged or undecided.';
comment on column public.trial.exit is 'The named exit that it took; null for none.';
comment on column public.trial.settled is 'The minimum in which it settled, or other; null if it did not converge.';
comment on column public.trial.class is 'The class of its end state, or other; null without classes.';
comment on column public.trial.escaped_at is 'Step of the escape; null for never.';
comment on column public.trial.converged_at is 'Step at which it converged; null for never.';
comment on column public.trial.steps is 'Steps taken.';
comment on column public.trial.loss is 'Loss at the last theta.';
comment on column public.trial.distance is 'Distance of the last theta to the start.';
comment on column public.trial.marks is 'First step at which each mark was true, null for never.';

comment on view public.batch is 'A contiguous range of trials of a cell: the unit of queueing, computing and committing.';
comment on column public.batch.cell is 'cell.id.';
comment on column public.batch.first is 'Its first trial index.';
comment on column public.batch.count is 'How many trials it has.';
comment on column public.batch.state is 'ready, leased, done or failed.';
comment on column public.batch.generation is 'How often it was handed out anew, from 1.';
comment on column public.batch.attempts is 'How often a worker took it.';
comment on column public.batch.failures is 'Attempts that a living worker reported as failed.';
comment on column public.batch.vanished is 'Attempts that ended without a word.';
comment on column public.batch.worker is 'worker.id of the last one that took it.';
comment on column public.batch.fed_at is 'When it was put into the queue; null: it is still to be.';
comment on column public.batch.started_at is 'When the last attempt began.';
comment on column public.batch.finished_at is 'When it was committed.';
comment on column public.batch.cpu_seconds is 'Thread time of the attempt that was committed.';
comment on column public.batch.escaped is 'Trials of it that escaped.';
comment on column public.batch.steps is 'Steps taken by its trials.';
comment on column public.batch.digest is 'Additive 128-bit hash of (trial index, outcome) over its trials.';
comment on column public.batch.record is 'The rule by which its outcomes were kept.';

comment on view public.worker is 'A process that computes or coordinates, present or past.';
comment on column public.worker.id is 'Its name, unique for each start.';
comment on column public.worker.kind is 'worker, run, up or coordinator.';
comment on column public.worker.host is 'Name of its machine.';
comment on column public.worker.pid is 'Process number on that machine.';
comment on column public.worker.threads is 'Threads that compute.';
comment on column public.worker.kernel is 'Semantic version of its kernel.';
comment on column public.worker.state is 'alive, draining, gone (it said good-bye) or lost (no sign of life for 15 s).';
comment on column public.worker.started_at is 'When it started.';
comment on column public.worker.seen_at is 'Its last sign of life.';
comment on column public.worker.batches is 'Batches that it committed.';
comment on column public.worker.trials is 'Trials that it committed.';
comment on column public.worker.cpu_seconds is 'Thread time that they took.';

comment on view public.failure is 'Attempts at batches that failed, newest last.';
comment on column public.failure.id is 'Running number.';
comment on column public.failure.cell is 'cell.id.';
comment on column public.failure.first is 'First trial index of the batch.';
comment on column public.failure.count is 'Trials of the batch.';
comment on column public.failure.generation is 'Generation of the batch that failed.';
comment on column public.failure.worker is 'worker.id of the one that tried; null if that is not known.';
comment on column public.failure.kind is 'throw, exit, memory, deadline, vanished or determinism.';
comment on column public.failure.message is 'What went wrong.';
comment on column public.failure.at is 'When.';

-- The login of outside clients: it owns nothing and may read the views. A role belongs to the whole server: another
-- database there may have made it already, or be making it now. Its password and limits are set by the migration's
-- runner (src/reader.ts).
do $$ begin
  create role driftfarm_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema public to driftfarm_reader;
grant select on public.sweep, public.cell, public.trial, public.batch, public.worker, public.failure to driftfarm_reader;
`,
  },
  {
    name: "20261125000000_data",
    sql: `-- Samples that landscapes are means over, by their content: a worker needs no file. Parts, so that no statement and no
-- value is large: 80 MB are 80 rows.
create table farm.data (
  hash       text primary key check (hash ~ '^[0-9a-f]{64}$'), -- spec.DataTable.hash, over shape and numbers
  rows       integer not null check (rows > 0),
  columns    integer not null check (columns > 0),
  created_at timestamptz not null default now()
);

create table farm.data_part (
  data_hash text not null references farm.data on delete cascade,
  part      integer not null check (part >= 0),
  bytes     bytea not null,                      -- little-endian doubles, row by row; all parts but the last are equally long
  primary key (data_hash, part)
);
-- Random doubles do not compress: no time is spent on trying.
alter table farm.data_part alter bytes set storage external;

alter table farm.cell add column data_hash text references farm.data; -- null: the landscape has no data
create index on farm.cell (data_hash) where data_hash is not null;

create or replace view public.cell as
select
  d.sweep_id as sweep,
  s.name as sweep_name,
  d.index,
  d.cell_id as id,
  d.params,
  d.state,
  d.trials,
  (d.tally ->> 'escaped')::bigint as escaped,
  (d.tally -> 'ends' ->> 0)::bigint as end_escaped,
  (d.tally -> 'ends' ->> 1)::bigint as end_converged,
  (d.tally -> 'ends' ->> 2)::bigint as end_diverged,
  (d.tally -> 'ends' ->> 3)::bigint as end_undecided,
  farm.counts_of(c.exits, d.tally -> 'exits', false) as exits,
  farm.counts_of(c.minima, d.tally -> 'settled', true) as settled,
  farm.counts_of(c.classes, d.tally -> 'classes', true) as classes,
  farm.counts_of(c.marks, d.tally -> 'marks', false) as marks,
  (d.estimates -> 'escape' ->> 'value')::double precision as escape,
  (d.estimates -> 'escape' ->> 'low')::double precision as escape_low,
  (d.estimates -> 'escape' ->> 'high')::double precision as escape_high,
  (d.estimates -> 'converge' ->> 'value')::double precision as converge,
  (d.estimates -> 'converge' ->> 'low')::double precision as converge_low,
  (d.estimates -> 'converge' ->> 'high')::double precision as converge_high,
  (d.estimates -> 'diverge' ->> 'value')::double precision as diverge,
  (d.estimates -> 'diverge' ->> 'low')::double precision as diverge_low,
  (d.estimates -> 'diverge' ->> 'high')::double precision as diverge_high,
  (d.estimates -> 'escapeRate' ->> 'value')::double precision as escape_rate,
  (d.estimates -> 'escapeRate' ->> 'low')::double precision as escape_rate_low,
  (d.estimates -> 'escapeRate' ->> 'high')::double precision as escape_rate_high,
  (d.estimates -> 'escapeStep' ->> 'value')::double precision as escape_step,
  (d.estimates -> 'escapeStep' ->> 'low')::double precision as escape_step_low,
  (d.estimates -> 'escapeStep' ->> 'high')::double precision as escape_step_high,
  d.estimates,
  d.stopped,
  (d.tally ->> 'steps')::numeric as steps,
  d.cpu_seconds,
  d.digest,
  c.horizon,
  c.kernel,
  c.canonical::jsonb as definition,
  c.data_hash as data
from farm.demand d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id;

create view public.data as
select
  d.hash,
  d.rows,
  d.columns,
  8::bigint * d.rows * d.columns as bytes,
  (select count(*) from farm.cell c where c.data_hash = d.hash) as cells,
  d.created_at
from farm.data d;

comment on column public.cell.data is 'data.hash of the samples that its loss is a mean over; null without data.';

comment on view public.data is 'A set of samples that landscapes are means over, known by its content. It stays as long as a cell refers to it.';
comment on column public.data.hash is 'SHA-256 of its shape and its numbers, 64 hex digits. The data of cell.';
comment on column public.data.rows is 'Samples.';
comment on column public.data.columns is 'Numbers a sample: inputs, then targets.';
comment on column public.data.bytes is 'Size of its numbers, 8 bytes each.';
comment on column public.data.cells is 'Cells that refer to it, each counted once however many sweeps hold it.';
comment on column public.data.created_at is 'When the first of them was submitted.';

grant select on public.data to driftfarm_reader;
`,
  },
  {
    name: "20261125000001_ranges",
    sql: `-- Reads stay off the index of the exclusion constraint: where workers committed while others looked at the ledger, index scans of
-- PostgreSQL 18.4 missed living rows through it (8 of 280 batches), and a sweep that was whole was called incomplete. An
-- expression on the cell matches no query; the constraint holds as before.
alter table farm.batch drop constraint batch_ranges_apart;
alter table farm.batch add constraint batch_ranges_apart
  exclude using gist ((cell_id || '') with =, int8range(first, first + count) with &&);
`,
  },
  {
    name: "20261125100000_estimates",
    sql: `-- Estimates that came later, in the words of the views.
comment on column public.sweep.demand is 'What the newest submission asks of each cell: budget or stop rules, record, horizons, rateAfter (the burn-in of escapeRate), confidence, estimates.';
comment on column public.cell.escape_rate is 'Escapes per step at risk, both after the burn-in that rate: {after: n} leaves out; n is in estimates.';
comment on column public.cell.estimates is 'Every estimate by name (escape, exit:upper, stay, settle:left, class:good, mark:m2, cost:m2, joint:escaped,converged,left, ...): value, low, high, confidence, method, events; infinities are text.';
`,
  },
  {
    name: "20261125200000_contrasts",
    sql: `-- Contrasts between cells. Trials of cells that share their noise are compared one by one: for that a bit a trial is kept,
-- whatever the rows, of each event that a contrast is of.
alter table farm.batch add column bits text[] not null default '{}'; -- estimates of which farm.event_bits has the trials

create table farm.event_bits (
  cell_id  text not null,
  first    bigint not null,
  estimate text not null,
  count    bigint not null check (count > 0),      -- as the batch's; a commit replaces both
  bits     bytea not null check (length(bits) = (count + 7) / 8), -- trial first + i is bit i % 8, from the lowest, of byte i / 8
  primary key (cell_id, first, estimate),
  foreign key (cell_id, first) references farm.batch on delete cascade
);

-- Of ended sweeps; made anew when what is asked changes.
create table farm.contrast (
  sweep_id     text not null,
  place        integer not null,                   -- among the contrasts of the demand
  "first"      integer not null,                   -- indices of the two cells
  second       integer not null,
  value        double precision not null,          -- NaN for 0 / 0
  low          double precision not null,
  high         double precision not null,
  confidence   double precision not null,
  method       text not null,
  simultaneous integer,                            -- contrasts that share alpha; null: each has its own
  both_had     bigint,                             -- trials of equal index by which of the two had the event; null: independent
  first_had    bigint,
  second_had   bigint,
  neither_had  bigint,
  p_value      double precision,
  primary key (sweep_id, place, "first", second),
  foreign key (sweep_id, "first") references farm.demand on delete cascade
);

-- Demands from before say that they ask for none, so that their sweeps stay as they are when they are submitted again.
update farm.sweep set demand = demand || '{"contrasts": []}' where not demand ? 'contrasts';

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
  k.value,
  k.low,
  k.high,
  k.confidence,
  k.method,
  k.simultaneous,
  k.both_had,
  k.first_had,
  k.second_had,
  k.neither_had,
  k.p_value
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.demand d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.demand e on e.sweep_id = k.sweep_id and e.index = k.second;

comment on view public.contrast is 'A probability compared in two cells of a sweep that has ended: the first against the second. One row a contrast of the spec and two cells that it compares.';
comment on column public.contrast.sweep is 'sweep.id.';
comment on column public.contrast.sweep_name is 'sweep.name.';
comment on column public.contrast.index is 'Number of the contrast in the spec, from 0.';
comment on column public.contrast.of is 'The probability that is compared, as in estimates.';
comment on column public.contrast.kind is 'difference: first minus second; ratio: first by second.';
comment on column public.contrast.path is 'The swept path whose values differ.';
comment on column public.contrast.first_index is 'cell.index of the first.';
comment on column public.contrast.second_index is 'cell.index of the second.';
comment on column public.contrast.first_cell is 'cell.id of the first.';
comment on column public.contrast.second_cell is 'cell.id of the second.';
comment on column public.contrast.first_params is 'cell.params of the first.';
comment on column public.contrast.second_params is 'cell.params of the second.';
comment on column public.contrast.value is 'The difference or the ratio; a ratio without events in the second is Infinity, without any NaN.';
comment on column public.contrast.low is 'Lower limit of its interval.';
comment on column public.contrast.high is 'Upper limit of its interval.';
comment on column public.contrast.confidence is 'Of the interval.';
comment on column public.contrast.method is 'What made the interval: miettinen-nurminen (independent), tango or tang (pairs), bonferroni:.. of the cells'' own intervals.';
comment on column public.contrast.simultaneous is 'Contrasts that share 1 - confidence; null: each has its own.';
comment on column public.contrast.both_had is 'Under common streams: trial indices at which both cells had the event; null for independent cells.';
comment on column public.contrast.first_had is 'Trial indices at which the first alone had it.';
comment on column public.contrast.second_had is 'Trial indices at which the second alone had it.';
comment on column public.contrast.neither_had is 'Trial indices at which neither had it.';
comment on column public.contrast.p_value is 'Of equal probabilities, by McNemar''s exact test; null without pairs or where the data ended the trials.';

grant select on public.contrast to driftfarm_reader;
`,
  },
  {
    name: "20261125300000_methods",
    sql: `-- How the trials of a cell are made: direct, or splitting, of which a trial is a replica.
alter table farm.cell add column method text not null default 'direct';

-- Replicas are rows of their own kind.
-- Each array that a query needs is read once a batch (\`|| '{}'\` takes it out of its compressed storage; the volatile
-- column keeps the planner from doing that again for each trial), then looked into by position; arrays that it does
-- not need are left alone. Five times as fast as unnesting them side by side (test/bench/database/outcomes.ts).
create or replace view public.trial as
select
  o.cell_id as cell,
  o.first + coalesce(t."offset", t.i - 1) as trial,
  (array['escaped', 'converged', 'diverged', 'undecided'])[t."end" + 1] as "end",
  nullif(farm.name_of(c.exits, t.exit), '') as exit,
  farm.name_of(c.minima, t.settled) as settled,
  farm.name_of(c.classes, t.class) as class,
  nullif(t.escaped_at, 0) as escaped_at,
  nullif(t.converged_at, 0) as converged_at,
  t.steps,
  t.loss,
  t.distance,
  (select coalesce(jsonb_object_agg(m.name, nullif(t.marks[t.i][m.k], 0)), '{}')
    from unnest(c.marks) with ordinality as m (name, k)) as marks
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first and b.state = 'done'
join farm.cell c on c.id = o.cell_id and c.method = 'direct'
cross join lateral (
  select
    a.i,
    a.offsets[a.i] as "offset",
    a.ends[a.i] as "end",
    a.exits[a.i]::integer as exit,
    a.settled[a.i] as settled,
    a.classes[a.i] as class,
    a.escaped_at[a.i] as escaped_at,
    a.converged_at[a.i] as converged_at,
    a.steps[a.i] as steps,
    a.loss[a.i] as loss,
    a.distance[a.i] as distance,
    a.marks
  from (
    select d.*, generate_series(1, d.kept) as i
    from (
      select
        cardinality(o.ends) as kept,
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
        random() as fence
    ) d
  ) a
) t;

create view public.replica as
select
  o.cell_id as cell,
  o.first + coalesce(r."offset", r.i - 1) as replica,
  r.loss as estimate,
  r.distance as weight,
  r.escaped_at as levels,
  r.converged_at as escaped,
  r.steps,
  (select coalesce(jsonb_object_agg(m.name, r.marks[r.i][m.k]), '{}')
    from unnest(c.marks) with ordinality as m (name, k)) as exits
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first and b.state = 'done'
join farm.cell c on c.id = o.cell_id and c.method = 'splitting'
cross join lateral (
  select i, o.offsets[i] as "offset", o.escaped_at[i] as escaped_at, o.converged_at[i] as converged_at,
    o.steps[i] as steps, o.loss[i] as loss, o.distance[i] as distance, o.marks
  from generate_series(1, cardinality(o.ends)) as i
) r;
grant select on public.replica to driftfarm_reader;

comment on view public.replica is 'One replica of a cell whose method is splitting. One row a kept outcome of a batch that is done. Their mean estimate is that of the cell. Always filter by cell.';
comment on column public.replica.cell is 'cell.id.';
comment on column public.replica.replica is 'Its index in the cell, from 0: what counts as trial elsewhere.';
comment on column public.replica.estimate is 'Of the probability of escape: weight times the share of particles that escaped in the end; 0 where it died out.';
comment on column public.replica.weight is 'Product over the levels of the share of particles that was left.';
comment on column public.replica.levels is 'Levels at which particles were killed.';
comment on column public.replica.escaped is 'Particles that escaped in the end.';
comment on column public.replica.steps is 'Steps computed, by all particles.';
comment on column public.replica.exits is 'Particles that took each named exit.';

create view public.weighted as
select
  o.cell_id as cell,
  o.first + coalesce(r."offset", r.i - 1) as trial,
  r.loss as value,
  r.distance as log_ratio,
  nullif(farm.name_of(c.exits, r.exit), '') as exit,
  nullif(r.escaped_at, 0) as escaped_at,
  r.steps
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first and b.state = 'done'
join farm.cell c on c.id = o.cell_id and c.method = 'tilt'
cross join lateral (
  select i, o.offsets[i] as "offset", o.exits[i]::integer as exit, o.escaped_at[i] as escaped_at, o.steps[i] as steps,
    o.loss[i] as loss, o.distance[i] as distance
  from generate_series(1, cardinality(o.ends)) as i
) r;
grant select on public.weighted to driftfarm_reader;

comment on view public.weighted is 'One trial of a cell whose method is tilt. One row a kept outcome of a batch that is done. Their mean value is the estimate of the cell. Always filter by cell.';
comment on column public.weighted.cell is 'cell.id.';
comment on column public.weighted.trial is 'Trial index in the cell, from 0.';
comment on column public.weighted.value is 'The weight of its noise if it escaped, else 0.';
comment on column public.weighted.log_ratio is 'Logarithm of the density of its noise under the tilt over the original one.';
comment on column public.weighted.exit is 'The named exit that it took; null for none.';
comment on column public.weighted.escaped_at is 'Step of the escape; null for never.';
comment on column public.weighted.steps is 'Steps taken.';
`,
  },
  {
    name: "20261125400000_extended",
    sql: `-- More trials were asked for after a look at the first ones: of the cells of which methods. Replicas have their own number.
alter table farm.sweep
  alter column extended drop default,
  alter column extended type text[] using case when extended then array['direct', 'splitting', 'tilt'] else array[]::text[] end,
  alter column extended set default array[]::text[];
`,
  },
  {
    name: "20261126000000_newest",
    sql: `-- Sweeps that differ in a setting which is not swept may share a name: a question that asks by the name alone mixes them.
create or replace view public.cell as
select
  d.sweep_id as sweep,
  s.name as sweep_name,
  d.index,
  d.cell_id as id,
  d.params,
  d.state,
  d.trials,
  (d.tally ->> 'escaped')::bigint as escaped,
  (d.tally -> 'ends' ->> 0)::bigint as end_escaped,
  (d.tally -> 'ends' ->> 1)::bigint as end_converged,
  (d.tally -> 'ends' ->> 2)::bigint as end_diverged,
  (d.tally -> 'ends' ->> 3)::bigint as end_undecided,
  farm.counts_of(c.exits, d.tally -> 'exits', false) as exits,
  farm.counts_of(c.minima, d.tally -> 'settled', true) as settled,
  farm.counts_of(c.classes, d.tally -> 'classes', true) as classes,
  farm.counts_of(c.marks, d.tally -> 'marks', false) as marks,
  (d.estimates -> 'escape' ->> 'value')::double precision as escape,
  (d.estimates -> 'escape' ->> 'low')::double precision as escape_low,
  (d.estimates -> 'escape' ->> 'high')::double precision as escape_high,
  (d.estimates -> 'converge' ->> 'value')::double precision as converge,
  (d.estimates -> 'converge' ->> 'low')::double precision as converge_low,
  (d.estimates -> 'converge' ->> 'high')::double precision as converge_high,
  (d.estimates -> 'diverge' ->> 'value')::double precision as diverge,
  (d.estimates -> 'diverge' ->> 'low')::double precision as diverge_low,
  (d.estimates -> 'diverge' ->> 'high')::double precision as diverge_high,
  (d.estimates -> 'escapeRate' ->> 'value')::double precision as escape_rate,
  (d.estimates -> 'escapeRate' ->> 'low')::double precision as escape_rate_low,
  (d.estimates -> 'escapeRate' ->> 'high')::double precision as escape_rate_high,
  (d.estimates -> 'escapeStep' ->> 'value')::double precision as escape_step,
  (d.estimates -> 'escapeStep' ->> 'low')::double precision as escape_step_low,
  (d.estimates -> 'escapeStep' ->> 'high')::double precision as escape_step_high,
  d.estimates,
  d.stopped,
  (d.tally ->> 'steps')::numeric as steps,
  d.cpu_seconds,
  d.digest,
  c.horizon,
  c.kernel,
  c.canonical::jsonb as definition,
  c.data_hash as data,
  n.sweep_id is not null as newest
from farm.demand d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

create or replace view public.contrast as
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
  k.value,
  k.low,
  k.high,
  k.confidence,
  k.method,
  k.simultaneous,
  k.both_had,
  k.first_had,
  k.second_had,
  k.neither_had,
  k.p_value,
  n.sweep_id is not null as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.demand d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.demand e on e.sweep_id = k.sweep_id and e.index = k.second
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

comment on column public.sweep.newest is 'Whether the name means this sweep: of those that share it, the one that was submitted last.';
comment on column public.sweep.submitted_at is 'The last submission that changed something.';
comment on column public.cell.sweep_name is 'sweep.name. Several sweeps may share it: add \`and newest\` to ask for the one that it means.';
comment on column public.cell.newest is 'sweep.newest: whether the name means the sweep of this row.';
comment on column public.contrast.sweep_name is 'sweep.name. Several sweeps may share it: add \`and newest\` to ask for the one that it means.';
comment on column public.contrast.newest is 'sweep.newest: whether the name means the sweep of this row.';

-- A worker on another queue than the leader's never gets a job, and looks like any other.
alter table farm.worker add column queue text;

create or replace view public.worker as
select
  w.id,
  w.kind,
  w.host,
  w.pid,
  w.threads,
  w.kernel,
  case when w.state <> 'gone' and w.seen_at <= now() - interval '15 s' then 'lost' else w.state end as state,
  w.started_at,
  w.seen_at,
  w.batches,
  w.trials,
  w.cpu_seconds,
  w.queue
from farm.worker w;

comment on column public.worker.queue is 'Where its jobs come from: redis://host:port/database, or postgres, the queue on this database; null: not known.';
`,
  },
  {
    name: "20261126100000_premises",
    sql: `-- What a cell rests on, known before its trials: its null experiment, its start, its minimum. Made once by the worker of its first
-- batch; a cell that was complete before there was this table has none.
create table farm.premises (
  cell_id  text primary key references farm.cell (id) on delete cascade,
  version  integer not null,
  document jsonb not null
);
`,
  },
  {
    name: "20261126200000_unreached",
    sql: `-- Trials of which a descent that ran out of its steps left something undecided: 256 is added to the code of their end.
create or replace view public.trial as
select
  o.cell_id as cell,
  o.first + coalesce(t."offset", t.i - 1) as trial,
  (array['escaped', 'converged', 'diverged', 'undecided'])[(t."end" & 255) + 1] as "end",
  nullif(farm.name_of(c.exits, t.exit), '') as exit,
  farm.name_of(c.minima, t.settled) as settled,
  farm.name_of(c.classes, t.class) as class,
  nullif(t.escaped_at, 0) as escaped_at,
  nullif(t.converged_at, 0) as converged_at,
  t.steps,
  t.loss,
  t.distance,
  (select coalesce(jsonb_object_agg(m.name, nullif(t.marks[t.i][m.k], 0)), '{}')
    from unnest(c.marks) with ordinality as m (name, k)) as marks,
  t."end" >= 256 as unreached
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first and b.state = 'done'
join farm.cell c on c.id = o.cell_id and c.method = 'direct'
cross join lateral (
  select
    a.i,
    a.offsets[a.i] as "offset",
    a.ends[a.i] as "end",
    a.exits[a.i]::integer as exit,
    a.settled[a.i] as settled,
    a.classes[a.i] as class,
    a.escaped_at[a.i] as escaped_at,
    a.converged_at[a.i] as converged_at,
    a.steps[a.i] as steps,
    a.loss[a.i] as loss,
    a.distance[a.i] as distance,
    a.marks
  from (
    select d.*, generate_series(1, d.kept) as i
    from (
      select
        cardinality(o.ends) as kept,
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
        random() as fence
    ) d
  ) a
) t;

comment on column public.trial.unreached is 'Whether a descent that ran out of its steps left something undecided: the basin at a look at a trial that never escaped, or where its quench leads.';
`,
  },
  {
    name: "20261126300000_bundles",
    sql: `-- Jobs become bundles of batches, so that many small cells cost little (docs/decisions/0056-bundles.md).
--
-- Rows of the ledger are written once: a batch that is handed out stands in farm.pending, and moves to farm.batch when
-- it is done. Nothing on the way of a cell is updated that an index knows, and no row of a foreign table is looked up:
-- references between these tables are kept by the locks of those who write (the decision says which).

-- A job in the queue: batches that one worker leases, computes and commits together. Deleted with its last batch.
create table farm.bundle (
  id         bigint generated by default as identity primary key,
  sweep_id   text not null,                      -- for which it was made; other sweeps may want its batches too
  kernel     integer not null,
  urgent     boolean not null default false,     -- the first of a sweep that has nothing out: it goes to the queue's head
  trials     bigint not null,
  seconds    double precision,                   -- thread seconds that it should take; null: nothing is known of its cells
  fed_at     timestamptz,                        -- when its job was put into the queue; null: it is still to be
  worker_id  text,                               -- the last worker that leased it; null: none has
  started_at timestamptz,                        -- when it was leased last
  leases     integer not null default 0
);
create index on farm.bundle (sweep_id);

-- Batches that are handed out and not done, or given up, or to be computed again although they are done.
create table farm.pending (
  cell_id    text not null,
  first      bigint not null check (first >= 0),
  count      bigint not null check (count > 0),
  state      text not null default 'ready' check (state in ('ready', 'parked', 'failed')), -- parked: no sweep wants it now
  bundle     bigint,                             -- null: in none, and to be bundled if it is ready
  again      boolean not null default false,     -- it is done, and is to be computed again: its digest must come out the same
  generation integer not null default 1,
  attempts   integer not null default 0,         -- leases by earlier bundles
  failures   integer not null default 0,         -- reported by a living worker
  vanished   integer not null default 0,         -- leases that ended without a word
  cut        json,                               -- {"at": index} or {"event": estimate, "nth": k in this batch}: recompute and split
  fed_at     timestamptz,                        -- of a batch of an earlier bundle, for people
  finished_at timestamptz,                       -- of its last failure
  primary key (cell_id, first)
);
create index on farm.pending (bundle) where bundle is not null;
create index pending_loose on farm.pending (cell_id) where bundle is null and state = 'ready';
create index pending_parked on farm.pending (cell_id) where state = 'parked';
create index pending_failed on farm.pending (cell_id) where state = 'failed';
-- Ranges of a cell never overlap; the batch at trial 0 is unique by the key. An expression on the cell, so that no read
-- uses this index (see 20261125000001_ranges).
alter table farm.pending add constraint pending_ranges_apart
  exclude using gist ((cell_id || '') with =, int8range(first, first + count) with &&) where (first > 0);

-- Cells of which a commit has stored batches: what the leader has to look at, deleted when it has.
create table farm.news (
  id       bigint generated by default as identity primary key,
  sweep_id text,                                 -- for which the bundle was made
  cells    text[] not null,
  batches  integer not null,
  expected double precision not null,            -- thread seconds of the trials as guessed before any was measured
  trials_seconds double precision not null,      -- thread seconds of the trials as measured
  seconds  double precision not null             -- thread seconds in all, with what comes to each batch
);

-- What was handed out or is being computed again.
insert into farm.pending (cell_id, first, count, state, again, generation, attempts, failures, vanished, cut, fed_at,
                          finished_at)
select cell_id, first, count, case state when 'failed' then 'failed' else 'ready' end, digest is not null, generation + 1,
       attempts, failures, vanished, cut::json, fed_at, finished_at
  from farm.batch where state <> 'done';

create table farm.done (
  cell_id     text not null,
  first       bigint not null check (first >= 0),
  count       bigint not null check (count > 0),
  generation  integer not null,
  attempts    integer not null,
  failures    integer not null,
  vanished    integer not null,
  cut         json,                              -- {"event": .., "nth": .., "exact": true}: it ends with the nth event
  fed_at      timestamptz,
  worker_id   text,
  started_at  timestamptz,
  finished_at timestamptz not null default now(),
  cpu_seconds double precision not null,
  digest      text not null,
  tally       json not null,
  record      json not null,
  bits        text[] not null default '{}'
);
insert into farm.done
select cell_id, first, count, generation, attempts, failures, vanished,
       case when cut ->> 'exact' = 'true' then cut::json end, fed_at, worker_id, started_at, coalesce(finished_at, now()),
       coalesce(cpu_seconds, 0), digest, tally::json, record::json, bits
  from farm.batch where digest is not null;
alter table farm.done add constraint done_pkey primary key (cell_id, first);

-- Demands are updated once, when their cell has ended: the fill factor leaves room for that beside each of them, and no
-- index knows what changes, so that the new version stands on the same page and costs no entry of an index.
create table farm.asked (
  sweep_id    text not null,
  index       integer not null,
  cell_id     text not null,
  params      jsonb not null,
  state       text not null default 'open' check (state in ('open', 'done', 'failed')),
  target      bigint not null,
  trials      bigint not null default 0,
  batches     bigint not null default 0,
  tally       json,
  digest      text,
  cpu_seconds double precision not null default 0,
  estimates   json,
  stopped     json
);
insert into farm.asked
select sweep_id, index, cell_id, params, state, target, trials, batches, tally::json, digest, cpu_seconds,
       estimates::json, stopped::json
  from farm.demand order by sweep_id, index;
alter table farm.asked add constraint asked_pkey primary key (sweep_id, index);
create index on farm.asked (cell_id);
alter table farm.asked set (fillfactor = 12);

-- Counters of a sweep, kept by those who change its demands, so that nobody has to count.
alter table farm.sweep
  add column plan   text,                        -- hash of the indices, cells and parameters of its plan; null: not known
  add column kernel integer not null default 0,  -- newest version that one of its cells needs
  add column looked text[] not null default '{}', -- methods of whose cells some trials are merged
  add column open   integer not null default 0,
  add column done   integer not null default 0,
  add column failed integer not null default 0,
  add column trials bigint not null default 0,
  add column batches bigint not null default 0,
  add column events bigint not null default 0,
  add column steps  numeric not null default 0,
  add column cpu_seconds double precision not null default 0,
  add column unmet  integer not null default 0,  -- cells that ended at their maximum or with the budget
  add column worst  json;                        -- {"cell": index, "relative": half width over value}, widest interval
update farm.sweep s
   set open = d.open, done = d.done, failed = d.failed, trials = d.trials, batches = d.batches, events = d.events,
       steps = d.steps, cpu_seconds = d.cpu_seconds, unmet = d.unmet, looked = d.looked, kernel = d.kernel
  from (select d.sweep_id, count(*) filter (where state = 'open') as open, count(*) filter (where state = 'done') as done,
               count(*) filter (where state = 'failed') as failed, coalesce(sum(trials), 0) as trials,
               coalesce(sum(batches), 0) as batches, coalesce(sum((tally ->> 'escaped')::bigint), 0) as events,
               coalesce(sum((tally ->> 'steps')::numeric), 0) as steps, coalesce(sum(cpu_seconds), 0) as cpu_seconds,
               count(*) filter (where stopped ->> 'rule' in ('max', 'budget') and state = 'done') as unmet,
               coalesce(array_agg(distinct c.method) filter (where d.trials > 0), '{}') as looked,
               max(c.kernel) as kernel
          from farm.asked d join farm.cell c on c.id = d.cell_id group by d.sweep_id) d
 where d.sweep_id = s.id;
create index on farm.sweep (id) where state in ('planned', 'running');
create index on farm.sweep (name, submitted_at);
create index on farm.worker (id) where state <> 'gone';

create or replace view public.sweep as
select
  s.id,
  s.name,
  n.sweep_id is not null as newest,
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
  s.finished_at
from farm.sweep s
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

create or replace view public.cell as
select
  d.sweep_id as sweep,
  s.name as sweep_name,
  d.index,
  d.cell_id as id,
  d.params,
  d.state,
  d.trials,
  (d.tally ->> 'escaped')::bigint as escaped,
  (d.tally -> 'ends' ->> 0)::bigint as end_escaped,
  (d.tally -> 'ends' ->> 1)::bigint as end_converged,
  (d.tally -> 'ends' ->> 2)::bigint as end_diverged,
  (d.tally -> 'ends' ->> 3)::bigint as end_undecided,
  farm.counts_of(c.exits, (d.tally -> 'exits')::jsonb, false) as exits,
  farm.counts_of(c.minima, (d.tally -> 'settled')::jsonb, true) as settled,
  farm.counts_of(c.classes, (d.tally -> 'classes')::jsonb, true) as classes,
  farm.counts_of(c.marks, (d.tally -> 'marks')::jsonb, false) as marks,
  (d.estimates -> 'escape' ->> 'value')::double precision as escape,
  (d.estimates -> 'escape' ->> 'low')::double precision as escape_low,
  (d.estimates -> 'escape' ->> 'high')::double precision as escape_high,
  (d.estimates -> 'converge' ->> 'value')::double precision as converge,
  (d.estimates -> 'converge' ->> 'low')::double precision as converge_low,
  (d.estimates -> 'converge' ->> 'high')::double precision as converge_high,
  (d.estimates -> 'diverge' ->> 'value')::double precision as diverge,
  (d.estimates -> 'diverge' ->> 'low')::double precision as diverge_low,
  (d.estimates -> 'diverge' ->> 'high')::double precision as diverge_high,
  (d.estimates -> 'escapeRate' ->> 'value')::double precision as escape_rate,
  (d.estimates -> 'escapeRate' ->> 'low')::double precision as escape_rate_low,
  (d.estimates -> 'escapeRate' ->> 'high')::double precision as escape_rate_high,
  (d.estimates -> 'escapeStep' ->> 'value')::double precision as escape_step,
  (d.estimates -> 'escapeStep' ->> 'low')::double precision as escape_step_low,
  (d.estimates -> 'escapeStep' ->> 'high')::double precision as escape_step_high,
  d.estimates::jsonb as estimates,
  d.stopped::jsonb as stopped,
  (d.tally ->> 'steps')::numeric as steps,
  d.cpu_seconds,
  d.digest,
  c.horizon,
  c.kernel,
  c.canonical::jsonb as definition,
  c.data_hash as data,
  n.sweep_id is not null as newest
from farm.asked d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

create or replace view public.contrast as
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
  k.value,
  k.low,
  k.high,
  k.confidence,
  k.method,
  k.simultaneous,
  k.both_had,
  k.first_had,
  k.second_had,
  k.neither_had,
  k.p_value,
  n.sweep_id is not null as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.asked d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.asked e on e.sweep_id = k.sweep_id and e.index = k.second
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

create or replace view public.batch as
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
  case when p.cell_id is null then b.fed_at else coalesce(u.fed_at, p.fed_at) end as fed_at,
  coalesce(u.started_at, b.started_at) as started_at,
  b.finished_at,
  b.cpu_seconds,
  (b.tally ->> 'escaped')::bigint as escaped,
  (b.tally ->> 'steps')::numeric as steps,
  b.digest,
  b.record::jsonb as record
from farm.done b
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
  coalesce(u.fed_at, p.fed_at),
  u.started_at,
  p.finished_at,
  null,
  null,
  null,
  null,
  null
from farm.pending p
left join farm.bundle u on u.id = p.bundle
where not exists (select from farm.done b where b.cell_id = p.cell_id and b.first = p.first);

comment on column public.batch.state is 'ready, leased, parked (no sweep that is worked on wants it now), done or failed.';
comment on column public.batch.generation is 'How often it was bundled anew, from 1.';
comment on column public.batch.fed_at is 'When the job of its bundle was put into the queue; null: it is still to be.';

-- An array of one element stands for a column that is the same in all kept rows, so how many there are is told by the
-- offsets, or by the batch where all are kept.
create or replace view public.trial as
select
  o.cell_id as cell,
  o.first + coalesce(t."offset", t.i - 1) as trial,
  (array['escaped', 'converged', 'diverged', 'undecided'])[(t."end" & 255) + 1] as "end",
  nullif(farm.name_of(c.exits, t.exit), '') as exit,
  farm.name_of(c.minima, t.settled) as settled,
  farm.name_of(c.classes, t.class) as class,
  nullif(t.escaped_at, 0) as escaped_at,
  nullif(t.converged_at, 0) as converged_at,
  t.steps,
  t.loss,
  t.distance,
  (select coalesce(jsonb_object_agg(m.name, nullif(t.marks[t.i][m.k], 0)), '{}')
    from unnest(c.marks) with ordinality as m (name, k)) as marks,
  t."end" >= 256 as unreached
from farm.outcome o
join farm.done b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id and c.method = 'direct'
cross join lateral (
  select
    a.i,
    a.offsets[a.i] as "offset",
    a.ends[least(a.i, a.n_ends)] as "end",
    a.exits[least(a.i, a.n_exits)]::integer as exit,
    a.settled[least(a.i, a.n_settled)] as settled,
    a.classes[least(a.i, a.n_classes)] as class,
    a.escaped_at[least(a.i, a.n_escaped_at)] as escaped_at,
    a.converged_at[least(a.i, a.n_converged_at)] as converged_at,
    a.steps[least(a.i, a.n_steps)] as steps,
    a.loss[least(a.i, a.n_loss)] as loss,
    a.distance[least(a.i, a.n_distance)] as distance,
    a.marks
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
        random() as fence
    ) d
  ) a
) t;

create or replace view public.replica as
select
  o.cell_id as cell,
  o.first + coalesce(r."offset", r.i - 1) as replica,
  r.loss as estimate,
  r.distance as weight,
  r.escaped_at as levels,
  r.converged_at as escaped,
  r.steps,
  (select coalesce(jsonb_object_agg(m.name, r.marks[r.i][m.k]), '{}')
    from unnest(c.marks) with ordinality as m (name, k)) as exits
from farm.outcome o
join farm.done b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id and c.method = 'splitting'
cross join lateral (
  select i, o.offsets[i] as "offset", o.escaped_at[least(i, cardinality(o.escaped_at))] as escaped_at,
    o.converged_at[least(i, cardinality(o.converged_at))] as converged_at,
    o.steps[least(i, cardinality(o.steps))] as steps, o.loss[least(i, cardinality(o.loss))] as loss,
    o.distance[least(i, cardinality(o.distance))] as distance, o.marks
  from generate_series(1, coalesce(cardinality(o.offsets), b.count)::integer) as i
) r;

create or replace view public.weighted as
select
  o.cell_id as cell,
  o.first + coalesce(r."offset", r.i - 1) as trial,
  r.loss as value,
  r.distance as log_ratio,
  nullif(farm.name_of(c.exits, r.exit), '') as exit,
  nullif(r.escaped_at, 0) as escaped_at,
  r.steps
from farm.outcome o
join farm.done b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id and c.method = 'tilt'
cross join lateral (
  select i, o.offsets[i] as "offset", o.exits[least(i, cardinality(o.exits))]::integer as exit,
    o.escaped_at[least(i, cardinality(o.escaped_at))] as escaped_at,
    o.steps[least(i, cardinality(o.steps))] as steps, o.loss[least(i, cardinality(o.loss))] as loss,
    o.distance[least(i, cardinality(o.distance))] as distance
  from generate_series(1, coalesce(cardinality(o.offsets), b.count)::integer) as i
) r;

-- The old tables go, and the new ones take their names.
alter table farm.outcome drop constraint outcome_cell_id_first_fkey;
alter table farm.event_bits drop constraint event_bits_cell_id_first_fkey;
alter table farm.contrast drop constraint contrast_sweep_id_first_fkey;
alter table farm.premises drop constraint premises_cell_id_fkey;
drop table farm.batch;
drop table farm.demand;
alter table farm.done rename to batch;
alter table farm.batch rename constraint done_pkey to batch_pkey;
alter table farm.asked rename to demand;
alter table farm.demand rename constraint asked_pkey to demand_pkey;
alter index farm.asked_cell_id_idx rename to demand_cell_id_idx;
alter table farm.batch add constraint batch_ranges_apart
  exclude using gist ((cell_id || '') with =, int8range(first, first + count) with &&) where (first > 0);

alter table farm.premises alter document type json using document::json;

-- A cell is written once. How many trials are handed out is told by its batches, and so is what a trial costs.
alter table farm.cell
  drop column next,
  drop column seconds_per_trial,
  add column cost double precision,              -- guess of the thread seconds of a trial; null: submitted before it was made
  add column form integer not null default 0;    -- hash of its canonical text without numbers: equal for cells of one module

-- Outcomes of a hundred trials stay on their page as they are: compressing them costs more than all else together.
alter table farm.outcome set (toast_tuple_target = 8160);
-- Rows come and go here; the tables stay small if the dead ones are cleared away soon.
alter table farm.pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
alter table farm.bundle set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table farm.news set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
`,
  },
  {
    name: "20261127000000_answers",
    sql: `-- What a cell was asked with: every value of its spec under its dotted path (\`plainSettings\`). Null: stored by an earlier
-- version. Rows stay on their page as they are, which takes less time than compressing them.
alter table farm.cell add column settings json;
alter table farm.cell set (toast_tuple_target = 8160);
-- What is to be said of a cell that has trials, beside what is good. Null without estimates.
alter table farm.demand add column checks json;
-- Estimates as numbers, since to read them out of JSON takes 20 us a cell: value, low and high of escape, converge, diverge,
-- escapeRate and escapeStep, then what else the sweep asks for, in the places that sweep.columns tells. Null: of an earlier version.
alter table farm.demand add column numbers double precision[];
-- Columns of cells(name): [{"name", "type", "of": "params" | "estimates", "key", "field", "at": place in demand.numbers}].
-- Null: submitted by an earlier version.
alter table farm.sweep add column columns json;

create or replace view public.sweep as
select
  s.id,
  s.name,
  n.sweep_id is not null as newest,
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
from farm.sweep s
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id;

create or replace view public.cell as
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
  case when d.numbers is null then (d.estimates -> 'escape' ->> 'value')::double precision else d.numbers[1] end as escape,
  case when d.numbers is null then (d.estimates -> 'escape' ->> 'low')::double precision else d.numbers[2] end as escape_low,
  case when d.numbers is null then (d.estimates -> 'escape' ->> 'high')::double precision else d.numbers[3] end as escape_high,
  case when d.numbers is null then (d.estimates -> 'converge' ->> 'value')::double precision else d.numbers[4] end as converge,
  case when d.numbers is null then (d.estimates -> 'converge' ->> 'low')::double precision else d.numbers[5] end as converge_low,
  case when d.numbers is null then (d.estimates -> 'converge' ->> 'high')::double precision else d.numbers[6] end as converge_high,
  case when d.numbers is null then (d.estimates -> 'diverge' ->> 'value')::double precision else d.numbers[7] end as diverge,
  case when d.numbers is null then (d.estimates -> 'diverge' ->> 'low')::double precision else d.numbers[8] end as diverge_low,
  case when d.numbers is null then (d.estimates -> 'diverge' ->> 'high')::double precision else d.numbers[9] end as diverge_high,
  case when d.numbers is null then (d.estimates -> 'escapeRate' ->> 'value')::double precision else d.numbers[10] end as escape_rate,
  case when d.numbers is null then (d.estimates -> 'escapeRate' ->> 'low')::double precision else d.numbers[11] end as escape_rate_low,
  case when d.numbers is null then (d.estimates -> 'escapeRate' ->> 'high')::double precision else d.numbers[12] end as escape_rate_high,
  case when d.numbers is null then (d.estimates -> 'escapeStep' ->> 'value')::double precision else d.numbers[13] end as escape_step,
  case when d.numbers is null then (d.estimates -> 'escapeStep' ->> 'low')::double precision else d.numbers[14] end as escape_step_low,
  case when d.numbers is null then (d.estimates -> 'escapeStep' ->> 'high')::double precision else d.numbers[15] end as escape_step_high,
  e.estimates,
  d.stopped::jsonb as stopped,
  (e.tally ->> 'steps')::numeric as steps,
  d.cpu_seconds,
  d.digest,
  c.horizon,
  c.kernel,
  c.canonical::jsonb as definition,
  c.data_hash as data,
  n.sweep_id is not null as newest,
  c.settings::jsonb as settings,
  d.checks::jsonb as checks,
  d.numbers
from farm.demand d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
-- Read once a row, however many columns a query takes from them; not at all where it takes none.
cross join lateral (select d.tally::jsonb as tally, d.estimates::jsonb as estimates offset 0) e
left join farm.sweep_name n on n.name = s.name and n.sweep_id = s.id
-- A search for a threshold asks for no trials of the cells that it does not visit.
where d.target > 0;

-- What the planner takes the unfolding of a batch to cost: it guesses that a batch has 1,000 trials, and would unfold all that
-- there are before it looks for the cells that are asked for. By its arguments each batch is known to be one of its own, or the
-- planner would compare batches with one another, array by array, to save itself the unfolding (Memoize).
create function farm.unfolding(cell text, first bigint) returns integer
language plpgsql volatile parallel safe cost 100000 as 'begin return 0; end';

-- Arrays are read once a batch (\`|| '{}'\` takes them out of their compressed storage; the volatile column keeps the planner
-- from doing that again for each trial) and only those that a query names. What leaves the fence (\`offset 0\`) are the
-- values of one trial: no sort, join or group above it carries or reads an array.
create or replace view public.trial as
select
  o.cell_id as cell,
  o.first + t."offset" as trial,
  (array['escaped', 'converged', 'diverged', 'undecided'])[(t."end" & 255) + 1] as "end",
  nullif(farm.name_of(c.exits, t.exit), '') as exit,
  farm.name_of(c.minima, t.settled) as settled,
  farm.name_of(c.classes, t.class) as class,
  nullif(t.escaped_at, 0) as escaped_at,
  nullif(t.converged_at, 0) as converged_at,
  t.steps,
  t.loss,
  t.distance,
  t.marks,
  t."end" >= 256 as unreached,
  (array['escaped', 'converged', 'diverged', 'undecided'])[(t."end" & 255) + 1] as ended
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id and c.method = 'direct'
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
      from unnest(c.marks) with ordinality as m (name, k)) as marks
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

create or replace view public.replica as
select
  o.cell_id as cell,
  o.first + r."offset" as replica,
  r.loss as estimate,
  r.distance as weight,
  r.escaped_at as levels,
  r.converged_at as escaped,
  r.steps,
  r.exits
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id and c.method = 'splitting'
cross join lateral (
  select
    coalesce(a.offsets[a.i], a.i - 1) as "offset",
    a.escaped_at[least(a.i, cardinality(a.escaped_at))] as escaped_at,
    a.converged_at[least(a.i, cardinality(a.converged_at))] as converged_at,
    a.steps[least(a.i, cardinality(a.steps))] as steps,
    a.loss[least(a.i, cardinality(a.loss))] as loss,
    a.distance[least(a.i, cardinality(a.distance))] as distance,
    (select coalesce(jsonb_object_agg(m.name, a.marks[a.i][m.k]), '{}')
      from unnest(c.marks) with ordinality as m (name, k)) as exits
  from (
    select d.*, generate_series(1, d.kept) as i
    from (
      select
        coalesce(cardinality(o.offsets), b.count)::integer as kept,
        o.offsets || '{}' as offsets,
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
) r;

create or replace view public.weighted as
select
  o.cell_id as cell,
  o.first + r."offset" as trial,
  r.loss as value,
  r.distance as log_ratio,
  nullif(farm.name_of(c.exits, r.exit), '') as exit,
  nullif(r.escaped_at, 0) as escaped_at,
  r.steps
from farm.outcome o
join farm.batch b on b.cell_id = o.cell_id and b.first = o.first
join farm.cell c on c.id = o.cell_id and c.method = 'tilt'
cross join lateral (
  select
    coalesce(a.offsets[a.i], a.i - 1) as "offset",
    a.exits[least(a.i, cardinality(a.exits))]::integer as exit,
    a.escaped_at[least(a.i, cardinality(a.escaped_at))] as escaped_at,
    a.steps[least(a.i, cardinality(a.steps))] as steps,
    a.loss[least(a.i, cardinality(a.loss))] as loss,
    a.distance[least(a.i, cardinality(a.distance))] as distance
  from (
    select d.*, generate_series(1, d.kept) as i
    from (
      select
        coalesce(cardinality(o.offsets), b.count)::integer as kept,
        o.offsets || '{}' as offsets,
        o.exits || '{}' as exits,
        o.escaped_at || '{}' as escaped_at,
        o.steps || '{}' as steps,
        o.loss || '{}' as loss,
        o.distance || '{}' as distance,
        farm.unfolding(o.cell_id, o.first) as fence
    ) d
  ) a
  offset 0
) r;

-- DuckDB reads \`at\` as the beginning of a clause, as the newer standards of SQL do.
create or replace view public.failure as
select f.id, f.cell_id as cell, f.first, f.count, f.generation, f.worker_id as worker, f.kind, f.message, f.at,
       f.at as failed_at
from farm.failure f;

-- Which sweeps a text may mean, by a name (0), an id (1) or the beginning of either (2); the best first.
create function farm.sweeps_meant(text) returns table (id text, name text, rank integer, submitted_at timestamptz)
language sql stable
begin atomic
  select s.id, s.name, case when n.name = $1 then 0 when s.id = $1 then 1 else 2 end, s.submitted_at
    from farm.sweep s left join farm.sweep_name n on n.sweep_id = s.id and n.name = $1
   where n.name is not null or starts_with(s.id, lower($1)) or starts_with(s.name, $1)
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

-- Every column that cells(name) has had, in the order in which they came.
create table farm.cells_column (
  name text not null,
  type text not null check (type in ('text', 'integer', 'bigint', 'double precision')),
  id   bigint generated always as identity,
  primary key (name, type)
);
insert into farm.cells_column (name, type) values
  ('index', 'integer'), ('id', 'text'), ('state', 'text'), ('trials', 'bigint'), ('escaped', 'bigint'),
  ('end_escaped', 'bigint'), ('end_converged', 'bigint'), ('end_diverged', 'bigint'), ('end_undecided', 'bigint'),
  ('steps', 'double precision'), ('cpu_seconds', 'double precision'), ('digest', 'text');

-- The query that cells(..) runs. Its rights are those of who calls it.
create function public.cells_query(sweep text, columns text[] default null, types text[] default null) returns text
language plpgsql stable set search_path = pg_catalog as $$
declare
  meant text := public.sweep_id(sweep);
  own jsonb;
  shown text;
begin
  select s.columns into own from public.sweep s where s.id = meant;
  if own is null then
    raise exception 'the columns of % are not known: it was submitted by an earlier version', sweep
      using hint = 'driftfarm run SPEC submits it again, and computes nothing anew';
  end if;
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
             case
               when e.own ->> 'at' is not null then format('c.numbers[%s]', e.own ->> 'at')
               when e.own ->> 'of' = 'params' then format('(c.params ->> %L)', e.own ->> 'key')
               else format('(c.estimates -> %L ->> %L)', e.own ->> 'key', e.own ->> 'field')
             end || '::' || (e.own ->> 'type'), 100 + e.n
        from jsonb_array_elements(own) with ordinality e (own, n)
    ),
    asked (name, type, place) as (
      select t.name, t.type, t.place from there t where columns is null
      union all
      select u.name, u.type, u.n from rows from (unnest(columns), unnest(types)) with ordinality u (name, type, n)
    )
  select string_agg(format('%s as %I', coalesce(t.expression, 'null::' || coalesce(a.type, 'text')), a.name), ', '
                    order by a.place)
    into shown
    from asked a left join there t on t.name = a.name and t.type = coalesce(a.type, t.type);
  return format(
    'select %s from (select * from public.cell where sweep = %L offset 0) c order by c.index', shown, meant);
end $$;

-- The columns that are named, for a list of their types: cells(name, columns) as c (..).
create function public.cells(sweep text, columns text[]) returns setof record
language plpgsql stable rows 100 set search_path = pg_catalog as $$
begin
  return query execute public.cells_query(sweep, columns);
end $$;

-- A function has the columns that it is declared with, so it is declared again when a sweep brings new ones; nobody who
-- is reading is waited for. 1,600 are the most that a row may have.
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

comment on function public.sweep_id(text) is 'The id of the sweep that a name (the newest of that name), an id or the beginning of either means.';
comment on function public.cells_query(text, text[], text[]) is 'The text of a query for the cells of a sweep with exactly its own columns: in psql, select cells_query(''name'') \\gexec. With columns: these, in this order; one that the sweep has not is null, of its type in types.';
comment on function public.cells(text, text[]) is 'The named columns of the cells of a sweep: cells(name, columns) as c ("update.eta" double precision, escape double precision).';
comment on column public.sweep.newest is 'Whether the name means this sweep: of those that share it, the one that was submitted last.';
comment on column public.sweep.columns is 'What cells(name) shows beside what all cells have: name and type of each column, where it is from (params or estimates), key, and field of an estimate.';
comment on column public.cell.settings is 'Every value of the spec, resolved, swept or not, under its dotted path: settings->>''update.eta''; lists are text. Null: submitted by an earlier version.';
comment on column public.cell.checks is 'What is to be said against the cell, or noted: name, verdict (note, doubtful, wrong), text, mend (what to do); [] if all is good, null before there are estimates. What compares it with other cells (agreement) is in results alone.';
comment on column public.cell.numbers is 'The estimates that cells(name) shows, for it alone: each at its place (at) of sweep.columns.';
comment on column public.trial."end" is 'Goes away: use ended. The same, under a word that SQL reserves.';
comment on column public.trial.ended is 'escaped, converged, diverged or undecided.';
comment on column public.failure.at is 'Goes away: use failed_at. The same, under a word that DuckDB reserves.';
comment on column public.failure.failed_at is 'When.';
`,
  },
  {
    name: "20261127100000_layouts",
    sql: `-- The method of the cells and how their records are laid out, where all cells share both: who reads the results of a
-- sweep then looks no cell up. Null: they differ, or the sweep was submitted by an earlier version.
alter table farm.sweep add column layout json;
`,
  },
  {
    name: "20261128000000_api",
    sql: `-- Who may ask over HTTP, what was done that way, what was computed on request, and files that specs name.

create table farm.token (
  id         bigint generated always as identity primary key,
  name       text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  role       text not null check (role in ('read', 'submit', 'admin')),
  hash       text not null unique,               -- SHA-256 of the secret, in hex: the secret itself is stored nowhere
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  used_at    timestamptz                         -- to the minute
);
create unique index token_name on farm.token (name) where revoked_at is null;

create table farm.action (
  id         bigint generated always as identity primary key,
  acted_at   timestamptz not null default now(),
  token      text,                               -- its name; null: asked without one, on the machine of the farm
  verb       text not null,
  sweep_id   text,
  sweep_name text,
  detail     jsonb not null default '{}',
  request    text not null
);
create index on farm.action (sweep_id);

-- Answers that take long, by cell. They go with it.
create table farm.exact (
  cell_id     text not null,
  kind        text not null check (kind in ('oracle', 'theorem')),
  asked       text not null,                     -- what else the answer depends on, such as horizons, as text
  version     integer not null,
  document    json not null,
  seconds     double precision not null,
  computed_at timestamptz not null default now(),
  primary key (cell_id, kind, asked)
);

-- Files that specs name, by the SHA-256 of their bytes, until they are used no more.
create table farm.upload (
  hash  text primary key check (hash ~ '^[0-9a-f]{64}$'),
  bytes bytea not null,
  at    timestamptz not null default now()
);

create view public.action as
select a.id, a.acted_at, a.token, a.verb, a.sweep_id as sweep, a.sweep_name, a.detail, a.request
from farm.action a;

create view public.exact as
select e.cell_id as cell, e.kind, e.asked, e.document, e.seconds, e.computed_at
from farm.exact e;

comment on view public.action is 'What was done to sweeps over HTTP, and by whom. One row an action; what was refused is not here.';
comment on column public.action.id is 'In the order in which they were done.';
comment on column public.action.acted_at is 'When.';
comment on column public.action.token is 'Name of the token it was asked with; null: without one, from the machine of the farm itself.';
comment on column public.action.verb is 'submit, pause, resume, stop, cancel, retry, extend or remove.';
comment on column public.action.sweep is 'sweep.id; the sweep may be gone.';
comment on column public.action.sweep_name is 'The name that it had.';
comment on column public.action.detail is 'What was asked beside the verb: the trials of extend, the cells that went with remove.';
comment on column public.action.request is 'Id of the request, as in the log and in the answer''s header x-request-id.';

comment on view public.exact is 'What mathematics says of cells, as it was computed on request (route exact, route theorem). One row an answer.';
comment on column public.exact.cell is 'cell.id.';
comment on column public.exact.kind is 'oracle: exact values; theorem: Theorem 1 and its bounds.';
comment on column public.exact.asked is 'What else the answer depends on: the horizons, or the radius.';
comment on column public.exact.document is 'The answer, as in the documents Oracle and Theorem.';
comment on column public.exact.seconds is 'What it took.';
comment on column public.exact.computed_at is 'When.';

grant select on public.action, public.exact to driftfarm_reader;

-- What was stored within the last minutes is asked for again and again; rows come in the order of their times.
create index batch_finished on farm.batch using brin (finished_at) with (pages_per_range = 8, autosummarize = on);
`,
  },
  {
    name: "20261128200000_queue",
    sql: `-- What waits and what runs, in one row that depends on what is out alone: workers are scaled by it.
create view public.queue as
select
  count(*) filter (where p.bundle is not null) as demand,
  count(*) filter (where p.bundle is not null and u.worker_id is null) as waiting,
  count(*) filter (where u.worker_id is not null) as running,
  count(*) filter (where p.state = 'failed') as failed
from farm.pending p left join farm.bundle u on u.id = p.bundle
where p.bundle is not null or p.state = 'failed';

comment on view public.queue is 'Batches of the whole farm by how they stand, in one row; costs the same however many are done. Workers are scaled by its demand.';
comment on column public.queue.demand is 'Batches that wait or run.';
comment on column public.queue.waiting is 'Handed out and not begun.';
comment on column public.queue.running is 'Computed now.';
comment on column public.queue.failed is 'Given up, until they are tried again.';

grant select on public.queue to driftfarm_reader;
`,
  },
  {
    name: "20261128300000_restorable",
    sql: `-- Where an argument has no name, pg_dump and pg_upgrade write for it what no server takes back. The same, with a name.
create or replace function farm.sweeps_meant(asked text)
returns table (id text, name text, rank integer, submitted_at timestamptz)
language sql stable
begin atomic
  select s.id, s.name, case when n.name = asked then 0 when s.id = asked then 1 else 2 end, s.submitted_at
    from farm.sweep s left join farm.sweep_name n on n.sweep_id = s.id and n.name = asked
   where n.name is not null or starts_with(s.id, lower(asked)) or starts_with(s.name, asked)
   order by 3, 4 desc;
end;
`,
  },
  {
    name: "20261129000000_machines",
    sql: `-- Farms of many machines (docs/decisions/0070-bundles-grow.md, 0071-what-a-farm-says.md, 0072-machines-of-others.md).

-- Whether it takes so long that not all threads of the farm may have such ones.
alter table farm.bundle add column long boolean not null default false;

-- What keeps a process from working, in words for people: the database is full. Null: nothing.
alter table farm.worker add column trouble text;

create or replace view public.worker as
select
  w.id,
  w.kind,
  w.host,
  w.pid,
  w.threads,
  w.kernel,
  case when w.state <> 'gone' and w.seen_at <= now() - interval '15 s' then 'lost' else w.state end as state,
  w.started_at,
  w.seen_at,
  w.batches,
  w.trials,
  w.cpu_seconds,
  w.queue,
  w.trouble
from farm.worker w;

comment on column public.worker.trouble is 'What keeps it from working, such as a full database; null: nothing.';

-- Logins of workers on machines of others (\`driftfarm access\`) have the rights of this role and no other: to lease what
-- is handed out, to commit what they computed and to report what failed. It belongs to the whole server, so that another
-- database there may have made it already, or be making it now.
do $$ begin
  create role driftfarm_worker nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema farm, public to driftfarm_worker;
grant select on public._prisma_migrations to driftfarm_worker;
-- What it is to compute, and where others have got to.
grant select on farm.cell, farm.data, farm.data_part, farm.demand, farm.sweep, farm.leader, farm.worker, farm.bundle, farm.pending,
                farm.batch, farm.premises, farm.news to driftfarm_worker;
-- Its presence.
grant insert, update, delete on farm.worker to driftfarm_worker;
-- Leases, commits and failures.
grant update, delete on farm.bundle, farm.pending to driftfarm_worker;
grant insert, delete on farm.batch, farm.outcome, farm.event_bits to driftfarm_worker;
grant select (cell_id, first) on farm.outcome, farm.event_bits to driftfarm_worker;
grant insert on farm.news, farm.failure to driftfarm_worker;
grant insert, update on farm.premises to driftfarm_worker;
-- A commit whose bytes differ from what is stored stops the sweeps of the cell.
grant update (state, reason, finished_at) on farm.sweep to driftfarm_worker;
`,
  },
  {
    name: "20261129100000_lost_premises",
    sql: `-- Premises that a machine had no time or no memory for: they are looked for again when a sweep is submitted, which must
-- not read those of all its cells.
create index premises_lost on farm.premises (cell_id) where (document ->> 'lost') is not null;
`,
  },
  {
    name: "20261129200000_asked_by_few",
    sql: `-- The demands of some sweeps on a cell are found without reading those of all others.
create index on farm.demand (cell_id, sweep_id);
drop index farm.demand_cell_id_idx;
-- Statistics of many small sweeps say that a sweep has one demand, and let the planner find the demand of a sweep on a
-- cell by reading all demands of the sweep. It may be the next one, with 10^6.
alter table farm.demand alter column sweep_id set (n_distinct = 100);

-- Workers that have not signed off are found without reading those that have, whatever the planner knows: by their state.
drop index farm.worker_id_idx;
create index worker_present on farm.worker (state) where state <> 'gone';
`,
  },
  {
    name: "20261129300000_lost_by_text",
    sql: `-- Whether premises are lost is asked of each that is stored. That their text has no such word is seen at once; to read
-- their JSON took a third of the time of storing them.
drop index farm.premises_lost;
create index premises_lost on farm.premises (cell_id) where strpos(document::text, '"lost"') > 0;
`,
  },
  {
    name: "20261129400000_named_sweeps",
    sql: `-- A sweep is what its owner named: the name is part of its id, so that no two names share a row any more. The cells of the
-- sweeps that are here keep their ids and their trials; each sweep gets the id that its name and its cells have now.
create temp table named on commit drop as
select s.id as was,
       left(encode(sha256(convert_to(to_json(s.name)::text || E'\\n' || c.lines, 'UTF8')), 'hex'), 32) as id
  from farm.sweep s
 cross join lateral (
   select string_agg(h.cell_id || E'\\n', '' order by h.cell_id collate "C") as lines
     from (select distinct d.cell_id from farm.demand d where d.sweep_id = s.id) h) c
 where c.lines is not null;
alter table farm.sweep_name drop constraint sweep_name_sweep_id_fkey;
update farm.sweep t set id = n.id from named n where t.id = n.was;
update farm.demand t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.contrast t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.bundle t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.news t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.action t set sweep_id = n.id from named n where t.sweep_id = n.was;

-- Whether the number of trials of a cell, or the rule that ends them, was chosen when trials of it could be read.
alter table farm.demand add column extended boolean not null default false;
update farm.demand d set extended = true
  from farm.sweep s, farm.cell c
 where s.id = d.sweep_id and cardinality(s.extended) > 0 and c.id = d.cell_id and c.method = any(s.extended);
alter table farm.sweep drop column extended, drop column looked;

-- The name of the token that submitted it first. Null: it was submitted without one.
alter table farm.sweep add column owner text;
update farm.sweep s set owner = (
  select a.token from farm.action a where a.sweep_id = s.id and a.verb = 'submit' order by a.id limit 1);

-- A name means the sweep that was submitted last under it.
create or replace view public.sweep as
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

create or replace view public.cell as
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
  case when d.numbers is null then (d.estimates -> 'escape' ->> 'value')::double precision else d.numbers[1] end as escape,
  case when d.numbers is null then (d.estimates -> 'escape' ->> 'low')::double precision else d.numbers[2] end as escape_low,
  case when d.numbers is null then (d.estimates -> 'escape' ->> 'high')::double precision else d.numbers[3] end as escape_high,
  case when d.numbers is null then (d.estimates -> 'converge' ->> 'value')::double precision else d.numbers[4] end as converge,
  case when d.numbers is null then (d.estimates -> 'converge' ->> 'low')::double precision else d.numbers[5] end as converge_low,
  case when d.numbers is null then (d.estimates -> 'converge' ->> 'high')::double precision else d.numbers[6] end as converge_high,
  case when d.numbers is null then (d.estimates -> 'diverge' ->> 'value')::double precision else d.numbers[7] end as diverge,
  case when d.numbers is null then (d.estimates -> 'diverge' ->> 'low')::double precision else d.numbers[8] end as diverge_low,
  case when d.numbers is null then (d.estimates -> 'diverge' ->> 'high')::double precision else d.numbers[9] end as diverge_high,
  case when d.numbers is null then (d.estimates -> 'escapeRate' ->> 'value')::double precision else d.numbers[10] end as escape_rate,
  case when d.numbers is null then (d.estimates -> 'escapeRate' ->> 'low')::double precision else d.numbers[11] end as escape_rate_low,
  case when d.numbers is null then (d.estimates -> 'escapeRate' ->> 'high')::double precision else d.numbers[12] end as escape_rate_high,
  case when d.numbers is null then (d.estimates -> 'escapeStep' ->> 'value')::double precision else d.numbers[13] end as escape_step,
  case when d.numbers is null then (d.estimates -> 'escapeStep' ->> 'low')::double precision else d.numbers[14] end as escape_step_low,
  case when d.numbers is null then (d.estimates -> 'escapeStep' ->> 'high')::double precision else d.numbers[15] end as escape_step_high,
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
from farm.demand d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
-- Read once a row, however many columns a query takes from them; not at all where it takes none.
cross join lateral (select d.tally::jsonb as tally, d.estimates::jsonb as estimates offset 0) e
-- A search for a threshold asks for no trials of the cells that it does not visit.
where d.target > 0;

create or replace view public.contrast as
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
  k.value,
  k.low,
  k.high,
  k.confidence,
  k.method,
  k.simultaneous,
  k.both_had,
  k.first_had,
  k.second_had,
  k.neither_had,
  k.p_value,
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.demand d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.demand e on e.sweep_id = k.sweep_id and e.index = k.second;

create or replace function farm.sweeps_meant(asked text)
returns table (id text, name text, rank integer, submitted_at timestamptz)
language sql stable
begin atomic
  select s.id, s.name,
         case when s.name = asked
               and not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) then 0
              when s.id = asked then 1
              else 2 end,
         s.submitted_at
    from farm.sweep s
   where starts_with(s.id, lower(asked)) or starts_with(s.name, asked)
   order by 3, 4 desc;
end;

drop table farm.sweep_name;
`,
  },
  {
    name: "20261130000000_queue_health",
    sql: `-- What a process knows of its queue, told with each heartbeat.

-- Since when the queue has not answered it; null while it answers.
alter table farm.worker add column queue_lost_at timestamptz(6);
-- Identifies the server of the queue, whatever its address is; null where it is not known.
alter table farm.worker add column queue_server text;
`,
  },
  {
    name: "20261130100000_plain_english",
    sql: `-- The field of a check that says what to do is called \`hint\`, as in errors.
update farm.demand set checks = replace(checks::text, '"mend":', '"hint":')::json
  where strpos(checks::text, '"mend":') > 0;

-- Descriptions of views and columns.
comment on view public.sweep is 'A named set of cells with a request (budget or stopping rules) for each. One row per sweep.';
comment on column public.sweep.name is 'Name of the sweep. Several sweeps may share a name.';
comment on column public.sweep.newest is 'Whether this sweep was the last one submitted under its name, so that the name refers to it.';
comment on column public.sweep.reason is 'The reason for this state, as a sentence; null if there is none.';
comment on column public.sweep.cells is 'Number of cells.';
comment on column public.sweep.trials is 'Number of trials that count so far (see \`cell.trials\`), over all cells.';
comment on column public.sweep.max_trials is 'Largest number of trials that the budget or the stopping rules allow, summed over all cells.';
comment on column public.sweep.priority is '-10 .. 10. Sweeps with a higher priority are dispatched first.';
comment on column public.sweep.demand is 'The request of the newest submission for each cell: budget or stopping rules, \`record\`, \`horizons\`, \`rateAfter\` (the burn-in of \`escapeRate\`), \`confidence\`, \`estimates\`.';
comment on column public.sweep.submission is 'Number of submissions that changed the sweep, including the first one.';
comment on column public.sweep.submitted_at is 'Time of the last submission that changed the sweep.';
comment on column public.sweep.finished_at is 'Time at which the sweep reached its final state; null while work is left.';
comment on column public.sweep.columns is 'The columns that \`cells(name)\` has in addition to the common ones. For each column: its name and type, its source (\`of\`: \`params\` or \`estimates\`), the key in this source, and for \`estimates\` the field (\`value\`, \`low\` or \`high\`).';
comment on column public.sweep.id is 'Hash of the name and the set of cells of the sweep, 32 hex digits.';
comment on column public.sweep.seed is 'Seed of the random numbers, 0 .. 2^64 - 1.';
comment on column public.sweep.cpu_seconds is 'Thread time of the trials that count, in seconds.';
comment on column public.sweep.tags is 'The tags in the spec.';
comment on column public.sweep.spec is 'The spec as submitted.';
comment on view public.cell is 'A parameter point of a sweep, with its counts and estimates. One row per cell and sweep: sweeps with the same cell share its trials. All counts are over the trials 0 .. trials - 1 of the cell.';
comment on column public.cell.sweep_name is 'The value of \`sweep.name\`. Several sweeps may share this name: add \`and newest\` to select the one to which the name refers.';
comment on column public.cell.trials is 'Number of trials that count so far: the trials from 0 on, without a gap, that are both computed and requested.';
comment on column public.cell.escaped is 'Number of trials that escaped, whatever their outcome.';
comment on column public.cell.end_escaped is 'Number of trials with the outcome \`escaped\`: the escape stopped them, or they escaped and had not converged by the horizon.';
comment on column public.cell.end_converged is 'Number of trials with the outcome \`converged\`.';
comment on column public.cell.end_diverged is 'Number of trials with the outcome \`diverged\`.';
comment on column public.cell.end_undecided is 'Number of trials that reached the horizon without an event. The four outcomes sum to \`trials\`.';
comment on column public.cell.escape is 'Probability of escaping; null if it was not requested. If both escape and convergence stop a trial, it is the probability of escaping before converging.';
comment on column public.cell.stopped is 'The rule that ended the cell; null while the cell is open.';
comment on column public.cell.horizon is 'Largest number of steps of a trial.';
comment on column public.cell.definition is 'The resolved cell: landscape, start, update, trial, seed.';
comment on column public.cell.data is 'The value of \`data.hash\` for the samples that the loss of the cell uses; null without data.';
comment on column public.cell.newest is 'The value of \`sweep.newest\`: whether the name refers to the sweep of this row.';
comment on column public.cell.checks is 'Checks of the cell that are not good: \`name\`, \`verdict\` (\`note\`, \`doubtful\` or \`wrong\`), \`text\`, \`hint\` (what to do). The list is empty if all are good, and null before there are estimates. Comparisons with other cells (\`agreement\`) appear only in the output of \`driftfarm results\`.';
comment on column public.cell.numbers is 'For internal use: the numbers that \`cells(name)\` shows for estimates. The field \`at\` of each column in \`sweep.columns\` is the index of its number, from 1.';
comment on column public.cell.index is 'Index of the cell in its sweep, from 0, in the order of the axes.';
comment on column public.cell.id is 'Hash of everything that a trial depends on, 32 hex digits. In the views \`trial\`, \`batch\` and \`failure\`, this column is named \`cell\`.';
comment on column public.cell.params is 'Values of the swept paths, such as \`params->>''update.eta''\`.';
comment on column public.cell.state is 'The state: \`open\`, \`done\` or \`failed\` (one of its batches was given up).';
comment on column public.cell.exits is 'Number of trials that escaped through each named exit; \`{}\` without named exits.';
comment on column public.cell.settled is 'Number of trials that settled in each named minimum, with \`other\` for all other minima; \`{}\` without named minima.';
comment on column public.cell.classes is 'Number of trials whose end state is in each class, with \`other\` for those in no class; \`{}\` without classes.';
comment on column public.cell.marks is 'Number of trials that reached each mark; \`{}\` without marks.';
comment on column public.cell.escape_low is 'Lower limit of the interval for \`escape\`. The confidence and the method of the interval are in \`estimates\`.';
comment on column public.cell.escape_high is 'Upper limit of the interval for \`escape\`.';
comment on column public.cell.converge_low is 'Lower limit of the interval for \`converge\`.';
comment on column public.cell.converge_high is 'Upper limit of the interval for \`converge\`.';
comment on column public.cell.diverge_low is 'Lower limit of the interval for \`diverge\`.';
comment on column public.cell.diverge_high is 'Upper limit of the interval for \`diverge\`.';
comment on column public.cell.escape_rate is 'Escapes per step at risk. If the spec has \`rate: {after: n}\`, both escapes and steps are counted only after a burn-in of n steps; n is in \`estimates\`.';
comment on column public.cell.escape_rate_low is 'Lower limit of the interval for \`escape_rate\`.';
comment on column public.cell.escape_rate_high is 'Upper limit of the interval for \`escape_rate\`.';
comment on column public.cell.escape_step is 'Restricted mean of the escape step, that is, the mean of \`min(tau, horizon)\` over all trials.';
comment on column public.cell.escape_step_low is 'Lower limit of the interval for \`escape_step\`.';
comment on column public.cell.escape_step_high is 'Upper limit of the interval for \`escape_step\`.';
comment on column public.cell.steps is 'Number of steps of the trials that count.';
comment on column public.cell.cpu_seconds is 'Thread time of the trials that count, in seconds.';
comment on column public.cell.digest is 'Additive 128-bit hash of (trial index, outcome) over the trials that count. Equal results have equal digests, whichever machines computed them.';
comment on column public.cell.kernel is 'Semantic version of the kernel that the cell needs.';
comment on column public.cell.settings is 'Every value of the resolved spec, swept or not, under its dotted path, such as \`settings->>''update.eta''\`. Lists are text. Null if an earlier version of Drift Farm submitted the sweep.';
comment on view public.trial is 'The outcome of one trial. One row per recorded outcome (see \`record\` in the spec) of a finished batch. An outcome counts only if \`trial < cell.trials\`. Always filter by \`cell\`.';
comment on column public.trial.unreached is 'Whether a basin remained unknown because a descent ran out of steps. This was the descent of the quench or, in a trial that did not escape, a descent that tests for escape from the basin.';
comment on column public.trial.exit is 'The named exit through which the trial escaped; null if there is none.';
comment on column public.trial.settled is 'The minimum in which the trial settled, or \`other\`; null if it did not converge.';
comment on column public.trial.class is 'The class of the end state, or \`other\`; null without classes.';
comment on column public.trial.escaped_at is 'Step of the escape; null if the trial did not escape.';
comment on column public.trial.converged_at is 'Step at which the trial converged; null if it did not converge.';
comment on column public.trial.steps is 'Number of steps of the trial.';
comment on column public.trial.distance is 'Distance of the last theta from the start.';
comment on column public.trial.marks is 'For each mark, the first step at which it was true; null if it never was.';
comment on column public.trial.ended is 'The outcome: \`escaped\`, \`converged\`, \`diverged\` or \`undecided\`.';
comment on view public.replica is 'One replica of a cell that uses the method \`splitting\`. One row per recorded outcome of a finished batch. The mean of the column \`estimate\` is the estimate of the cell. Always filter by \`cell\`.';
comment on column public.replica.replica is 'Index of the replica in the cell, from 0. It corresponds to the column \`trial\` of other views.';
comment on column public.replica.estimate is 'Estimate of the probability of escape: weight times the share of particles that finally escaped; 0 if all particles died.';
comment on column public.replica.weight is 'Product, over all levels, of the share of particles that survived the level.';
comment on column public.replica.levels is 'Number of levels at which particles were killed.';
comment on column public.replica.escaped is 'Number of particles that finally escaped.';
comment on column public.replica.steps is 'Number of steps of all particles.';
comment on column public.replica.exits is 'Number of particles that escaped through each named exit.';
comment on view public.weighted is 'One trial of a cell that uses the method \`tilt\`. One row per recorded outcome of a finished batch. The mean of the column \`value\` is the estimate of the cell. Always filter by \`cell\`.';
comment on column public.weighted.value is 'The weight of the noise of the trial if the trial escaped, otherwise 0.';
comment on column public.weighted.log_ratio is 'Logarithm of a ratio of densities: the density of the trial''s noise under the tilt, divided by its density under the original distribution.';
comment on column public.weighted.exit is 'The named exit through which the trial escaped; null if there is none.';
comment on column public.weighted.escaped_at is 'Step of the escape; null if the trial did not escape.';
comment on column public.weighted.steps is 'Number of steps of the trial.';
comment on column public.batch.count is 'Number of trials of the batch.';
comment on column public.batch.state is 'The state: \`ready\`, \`leased\`, \`parked\` (no live sweep needs it now), \`done\` or \`failed\`.';
comment on column public.batch.generation is 'A counter, from 1. It increases each time that the batch leaves its bundle without being committed, and each time that it is retried.';
comment on column public.batch.attempts is 'Number of times that a worker took the batch.';
comment on column public.batch.failures is 'Number of attempts that a live worker reported as failed.';
comment on column public.batch.vanished is 'Number of attempts that ended without a report.';
comment on column public.batch.fed_at is 'Time at which the job for the bundle of the batch was added to the queue; null before that.';
comment on column public.batch.started_at is 'Start of the last attempt.';
comment on column public.batch.finished_at is 'Time at which the batch was committed.';
comment on column public.batch.record is 'The rule by which its outcomes were recorded (\`record\` in the spec).';
comment on column public.batch.first is 'Index of the first trial of the batch.';
comment on column public.batch.worker is 'The \`worker.id\` of the last worker that took the batch.';
comment on column public.batch.cpu_seconds is 'Thread time of the attempt that was committed, in seconds.';
comment on column public.batch.escaped is 'Number of trials that escaped.';
comment on column public.batch.steps is 'Number of steps of all trials.';
comment on column public.batch.digest is 'Additive 128-bit hash of (trial index, outcome) over the trials of the batch.';
comment on column public.worker.id is 'Unique id of the process. Each start of a process has a new id.';
comment on column public.worker.threads is 'Number of computing threads.';
comment on column public.worker.state is 'The state: \`alive\`, \`draining\`, \`gone\` (it signed off) or \`lost\` (no heartbeat for 15 s).';
comment on column public.worker.seen_at is 'Time of its last heartbeat.';
comment on column public.worker.queue is 'The queue from which the process takes jobs: \`redis://host:port/database\`, or \`postgres\` for the queue in this database; null if unknown.';
comment on column public.worker.trouble is 'The problem that keeps the process from working, such as a full database; null if there is none.';
comment on column public.worker.host is 'Name of the machine.';
comment on column public.worker.pid is 'Process id on that machine.';
comment on column public.worker.kernel is 'Semantic version of the kernel of the process.';
comment on column public.worker.started_at is 'Time at which the process started.';
comment on column public.worker.batches is 'Number of batches that the process committed.';
comment on column public.worker.trials is 'Number of trials that the process committed.';
comment on column public.worker.cpu_seconds is 'Thread time of these trials, in seconds.';
comment on view public.failure is 'Failed attempts to compute a batch, newest last.';
comment on column public.failure.id is 'Sequence number.';
comment on column public.failure.worker is 'The \`worker.id\` of the worker that made the attempt; null if unknown.';
comment on column public.failure.message is 'Description of the failure.';
comment on column public.failure.failed_at is 'Time of the failure.';
comment on column public.failure.first is 'Index of the first trial of the batch.';
comment on column public.failure.count is 'Number of trials of the batch.';
comment on column public.failure.generation is 'Value of \`batch.generation\` when the batch failed.';
comment on view public.data is 'A set of samples for losses, identified by its content. The set is kept as long as a cell uses it.';
comment on column public.data.rows is 'Number of samples.';
comment on column public.data.columns is 'Number of values per sample. The inputs come first, then the targets.';
comment on column public.data.cells is 'Number of cells that use the data. A cell counts once, however many sweeps contain it.';
comment on column public.data.created_at is 'Time at which the first cell that uses the data was submitted.';
comment on column public.data.hash is 'SHA-256 of the shape and the numbers of the data, 64 hex digits. The column \`data\` of the view \`cell\` has the same value.';
comment on column public.data.bytes is 'Size of the numbers in bytes, 8 per number.';
comment on view public.contrast is 'A comparison of a probability between two cells of an ended sweep. One row per contrast of the spec and pair of cells.';
comment on column public.contrast.sweep_name is 'The value of \`sweep.name\`. Several sweeps may share this name: add \`and newest\` to select the one to which the name refers.';
comment on column public.contrast.kind is 'The comparison. \`difference\`: first minus second; \`ratio\`: first divided by second.';
comment on column public.contrast.value is 'The difference or the ratio. A ratio is Infinity if only the second cell has no events, and NaN if neither cell has events.';
comment on column public.contrast.confidence is 'Confidence of the interval.';
comment on column public.contrast.method is 'Method of the interval: \`miettinen-nurminen\` (independent cells), \`tango\` or \`tang\` (pairs of trials with shared noise), or \`bonferroni:..\`, which combines the intervals of the two cells.';
comment on column public.contrast.simultaneous is 'Number of contrasts that together have the error probability 1 - confidence; null if each contrast has its own.';
comment on column public.contrast.first_had is 'Number of trial indices at which only the first cell had the event.';
comment on column public.contrast.second_had is 'Number of trial indices at which only the second cell had the event.';
comment on column public.contrast.neither_had is 'Number of trial indices at which neither cell had the event.';
comment on column public.contrast.p_value is 'The p-value of McNemar''s exact test of equal probabilities; null if there are no pairs of trials, or if the number of trials depended on the data.';
comment on column public.contrast.newest is 'The value of \`sweep.newest\`: whether the name refers to the sweep of this row.';
comment on column public.contrast.index is 'Index of the contrast in the spec, from 0.';
comment on column public.contrast.of is 'The probability that is compared, by its name in \`estimates\`.';
comment on column public.contrast.first_index is 'The \`cell.index\` of the first cell.';
comment on column public.contrast.second_index is 'The \`cell.index\` of the second cell.';
comment on column public.contrast.first_cell is 'The \`cell.id\` of the first cell.';
comment on column public.contrast.second_cell is 'The \`cell.id\` of the second cell.';
comment on column public.contrast.first_params is 'The \`cell.params\` of the first cell.';
comment on column public.contrast.second_params is 'The \`cell.params\` of the second cell.';
comment on column public.contrast.low is 'Lower limit of the interval.';
comment on column public.contrast.high is 'Upper limit of the interval.';
comment on column public.contrast.both_had is 'Number of trial indices at which both cells had the event; null unless the cells share their noise (common streams).';
comment on view public.queue is 'Number of batches of the whole farm by state, in one row. The cost of the query does not depend on the number of finished batches. Autoscalers read the column \`demand\`.';
comment on column public.queue.waiting is 'Number of dispatched batches that have not started.';
comment on column public.queue.running is 'Number of batches that are being computed.';
comment on column public.queue.failed is 'Number of batches that were given up and not retried yet.';
comment on column public.queue.demand is 'Number of batches that are waiting or running.';
comment on view public.exact is 'Exact and theoretical results for cells, computed on request (HTTP routes \`exact\` and \`theorem\`). One row per result.';
comment on column public.exact.asked is 'The horizons for which an exact result was computed; empty for a theorem.';
comment on column public.exact.document is 'The result, as in the documents \`Oracle\` and \`Theorem\`.';
comment on column public.exact.seconds is 'Computing time in seconds.';
comment on column public.exact.computed_at is 'Time of the computation.';
comment on view public.action is 'Actions on sweeps over HTTP, each with the token that requested it. One row per action. Refused requests are not included.';
comment on column public.action.id is 'Sequence number, in the order of the actions.';
comment on column public.action.acted_at is 'Time of the action.';
comment on column public.action.token is 'Name of the token of the request; null if the request had no token, because it came from the machine of the farm.';
comment on column public.action.sweep is 'The \`sweep.id\` of the sweep, which may have been removed.';
comment on column public.action.sweep_name is 'The name of the sweep at that time.';
comment on column public.action.detail is 'Further data of the action: for \`extend\` the requested number of trials per cell, for \`remove\` the number of cells that were removed.';
comment on column public.action.request is 'Id of the request, as in the log and in the response header \`x-request-id\`.';
comment on column public.cell.estimates is 'Every estimate by its name (\`escape\`, \`exit:upper\`, \`stay\`, \`settle:left\`, \`class:good\`, \`mark:m2\`, \`cost:m2\`, \`joint:escaped,converged,left\`, ...). Each has \`value\`, \`low\`, \`high\`, \`confidence\`, \`method\` and \`events\`. Infinite values are stored as text.';
comment on view public.worker is 'A process that computes or coordinates. Ended processes are listed too.';
comment on column public.sweep.state is 'The state: \`planned\`, \`running\`, \`paused\`, \`interrupted\`, \`stopped\`, \`cancelled\`, \`incomplete\` or \`complete\`.';
comment on column public.cell.sweep is 'The value of \`sweep.id\`.';
comment on column public.trial.cell is 'The value of \`cell.id\`.';
comment on column public.replica.cell is 'The value of \`cell.id\`.';
comment on column public.weighted.cell is 'The value of \`cell.id\`.';
comment on column public.batch.cell is 'The value of \`cell.id\`.';
comment on column public.failure.cell is 'The value of \`cell.id\`.';
comment on column public.exact.cell is 'The value of \`cell.id\`.';
comment on column public.contrast.sweep is 'The value of \`sweep.id\`.';
comment on column public.worker.kind is 'The kind of process: \`worker\`, \`run\`, \`up\` or \`coordinator\`.';
comment on column public.failure.kind is 'The kind of failure: \`throw\`, \`exit\`, \`memory\`, \`deadline\`, \`vanished\` or \`determinism\`.';
comment on column public.exact.kind is 'The kind of result. \`oracle\`: exact values; \`theorem\`: Theorem 1 and its bounds.';
comment on column public.action.verb is 'The action: \`submit\`, \`pause\`, \`resume\`, \`stop\`, \`cancel\`, \`retry\`, \`extend\` or \`remove\`.';
`,
  },
]
