// Generated from prisma/migrations by `pnpm generate`; do not edit.
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: "20261201000000_tables",
    sql: `-- The tables of the farm. Outside clients use only the views of the next migration.
create schema farm;

create table farm.sweep (
  id           text primary key,                 -- hash of the name and the cells, 32 hex digits
  name         text not null,
  seed         text not null,                    -- decimal, 0 .. 2^64-1
  state        text not null check (state in ('planned', 'running', 'paused', 'interrupted', 'stopped', 'cancelled',
                                              'incomplete', 'complete')),
  reason       text,                             -- the reason for this state, as a sentence
  runner       text,                             -- worker.id of the \`run\` process that is responsible for it; null: the farm is
  owner        text,                             -- name of the token that submitted it first; null: submitted without one
  spec         text not null,                    -- the document as submitted
  demand       jsonb not null,                   -- spec.Demand, the request for each cell
  axes         jsonb not null,                   -- swept paths, in order
  tags         jsonb not null default '{}',
  priority     smallint not null default 0 check (priority between -10 and 10),
  cells        integer not null check (cells > 0),
  max_trials   numeric(30) not null,             -- largest number of trials, summed over all cells
  submission   integer not null default 1,       -- number of submissions that changed something
  submitted_at timestamptz not null default now(),
  finished_at  timestamptz,
  plan         text not null,                    -- hash of the indices, cells and parameters
  kernel       integer not null default 0,       -- newest kernel version that one of its cells needs
  -- Columns of cells(name): [{"name", "type", "of": "params" | "estimates", "key", "field", "at": index in request.numbers}].
  columns      json not null default '[]',
  -- The method and the record layout that all cells share; null if they differ. A reader then needs no cell for them.
  layout       json,
  -- Counters of its requests. Whoever changes a request updates them, so that nobody has to count.
  open         integer not null default 0,
  done         integer not null default 0,
  failed       integer not null default 0,
  trials       bigint not null default 0,
  batches      bigint not null default 0,
  events       bigint not null default 0,
  steps        numeric not null default 0,
  cpu_seconds  double precision not null default 0,
  unmet        integer not null default 0,       -- cells that ended at their maximum or because the budget was spent
  worst        json                              -- {"cell": index, "relative": half-width / value}, the widest interval
);
create index on farm.sweep (id) where state in ('planned', 'running');
create index on farm.sweep (name, submitted_at);

-- Samples over which losses are means, identified by their content, so that a worker needs no file. They are stored in
-- parts, so that no statement and no value is large: 80 MB are 80 rows.
create table farm.data (
  hash       text primary key check (hash ~ '^[0-9a-f]{64}$'), -- spec.DataTable.hash, of shape and numbers
  rows       integer not null check (rows > 0),
  columns    integer not null check (columns > 0),
  created_at timestamptz not null default now()
);
create table farm.data_part (
  data_hash text not null references farm.data on delete cascade,
  part      integer not null check (part >= 0),
  bytes     bytea not null,                      -- little-endian doubles, row by row; only the last part is shorter
  primary key (data_hash, part)
);
-- Random doubles do not compress.
alter table farm.data_part alter bytes set storage external;

-- A cell is written once. Its rows stay uncompressed on their page, since compressing them takes longer.
create table farm.cell (
  id        text primary key,                    -- 32 hex digits of sha256(canonical)
  canonical text not null,                       -- canonical JSON of spec.Cell
  method    text not null default 'direct',
  kernel    integer not null,
  exits     text[] not null,
  minima    text[] not null,
  classes   text[] not null,
  marks     text[] not null,
  horizon   bigint not null,
  data_hash text references farm.data,           -- null: the landscape has no data
  cost      double precision not null default 0, -- a guess of the thread time of a trial in seconds
  form      integer not null default 0,          -- hash of \`canonical\` without numbers: equal for cells of one module
  settings  json not null default '{}'           -- every value of its spec under its dotted path (\`plainSettings\`)
) with (toast_tuple_target = 8160);
create index on farm.cell (data_hash) where data_hash is not null;

-- Facts about a cell that do not come from its trials. The worker of its first batch computes them.
create table farm.premises (
  cell_id  text primary key,
  version  integer not null,
  document json not null
);
-- Premises that a machine had no time or memory for are computed again when a sweep is submitted. The text is searched,
-- because parsing the JSON of each document takes a third of the time of storing it.
create index premises_lost on farm.premises (cell_id) where strpos(document::text, '"lost"') > 0;

-- The request of a sweep for a cell, and the trials [0, trials) that have been merged for it so far. A request is usually
-- updated once, when its cell ends. The fill factor leaves room for that on the same page, and no index contains a column
-- that changes, so that the update costs no entry of an index.
create table farm.request (
  sweep_id    text not null,
  index       integer not null,
  cell_id     text not null,
  params      jsonb not null,
  state       text not null default 'open' check (state in ('open', 'done', 'failed')),
  target      bigint not null,                   -- trials below this index are dispatched: the budget, or the next check point
  trials      bigint not null default 0,         -- merged trials
  batches     bigint not null default 0,         -- merged batches
  tally       json,
  digest      text,                              -- mset128:..
  cpu_seconds double precision not null default 0,
  estimates   json,
  stopped     json,                              -- {"rule": ..} once done
  checks      json,                              -- checks that are not good; null without estimates
  -- The estimates as numbers, because reading them from JSON takes 20 us per cell: value, low and high of escape, converge,
  -- diverge, escapeRate and escapeStep, then the other estimates at the indices in sweep.columns.
  numbers     double precision[],
  extended    boolean not null default false,    -- its trials or stopping rule were chosen when trials could be read
  primary key (sweep_id, index)
) with (fillfactor = 12);
create index on farm.request (cell_id, sweep_id);
-- With the statistics of many small sweeps, the planner would find the request of a sweep for a cell by reading all
-- requests of the sweep. The next sweep may have 10^6.
alter table farm.request alter column sweep_id set (n_distinct = 100);

-- A job in the queue: batches that one worker leases, computes and commits together. Deleted with its last batch. There are
-- no foreign keys between this table and the next ones: the locks of their writers keep the references.
create table farm.bundle (
  id         bigint generated by default as identity primary key,
  sweep_id   text not null,                      -- for which it was made; other sweeps may need its batches too
  kernel     integer not null,
  urgent     boolean not null default false,     -- its job goes to the head of the queue
  long       boolean not null default false,     -- some threads of the farm may be reserved for shorter bundles
  trials     bigint not null,
  seconds    double precision,                   -- expected thread time; null: unknown
  queued_at  timestamptz,                        -- time at which its job was added to the queue; null before that
  worker_id  text,                               -- the last worker that leased it; null: none has
  started_at timestamptz,                        -- time of the last lease
  leases     integer not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index on farm.bundle (sweep_id);

-- Ranges of a cell never overlap. The locks of the ledger ensure this; the constraints are a second safeguard. They take 30
-- to 80 us per insert (test/bench/database/exclusion.ts). The batch at trial 0 is unique by the key. Reads must not use
-- the index of such a constraint: concurrent index scans of PostgreSQL 18.4 missed live rows through it (8 of 280 batches).
-- Therefore it contains an expression that matches no query.
create extension if not exists btree_gist with schema farm;

-- Batches that are dispatched and not finished, or given up, or to be recomputed although they are finished. Rows come and
-- go, so dead rows are removed soon.
create table farm.pending (
  cell_id     text not null,
  first       bigint not null check (first >= 0),
  count       bigint not null check (count > 0),
  state       text not null default 'ready' check (state in ('ready', 'parked', 'failed')), -- parked: no live sweep needs it
  bundle      bigint,                            -- null: in no bundle
  again       boolean not null default false,    -- to be recomputed; its digest must come out the same
  generation  integer not null default 1,
  attempts    integer not null default 0,        -- leases by earlier bundles
  failures    integer not null default 0,        -- reported by a live worker
  vanished    integer not null default 0,        -- leases that ended without a report
  cut         json,                              -- {"at": index} or {"event": estimate, "nth": k}: recompute and divide
  finished_at timestamptz,                       -- time of its last failure
  primary key (cell_id, first),
  constraint pending_ranges_apart
    exclude using gist ((cell_id || '') with =, int8range(first, first + count) with &&) where (first > 0)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
create index on farm.pending (bundle) where bundle is not null;
create index pending_loose on farm.pending (cell_id) where bundle is null and state = 'ready';
create index pending_parked on farm.pending (cell_id) where state = 'parked';
create index pending_failed on farm.pending (cell_id) where state = 'failed';

-- Pending updates: cells whose committed batches the leading coordinator has not settled yet.
create table farm.pending_update (
  id             bigint generated by default as identity primary key,
  sweep_id       text,                           -- for which the bundle was made
  cells          text[] not null,
  batches        integer not null,
  expected       double precision not null,      -- thread seconds of the trials as guessed before any was measured
  trials_seconds double precision not null,      -- measured thread seconds of the trials
  seconds        double precision not null       -- measured thread seconds, including the overhead of each batch
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Finished batches.
create table farm.batch (
  cell_id     text not null,
  first       bigint not null check (first >= 0),
  count       bigint not null check (count > 0),
  generation  integer not null,
  attempts    integer not null,
  failures    integer not null,
  vanished    integer not null,
  cut         json,                              -- {"event": .., "nth": .., "exact": true}: it ends with the nth event
  queued_at   timestamptz,
  worker_id   text,
  started_at  timestamptz,
  finished_at timestamptz not null default now(),
  cpu_seconds double precision not null,
  digest      text not null,
  tally       json not null,
  record      json not null,                     -- spec.RecordRule of its outcomes
  bits        text[] not null default '{}',      -- estimates for which farm.event_bits has one bit per trial
  primary key (cell_id, first),
  constraint batch_ranges_apart
    exclude using gist ((cell_id || '') with =, int8range(first, first + count) with &&) where (first > 0)
);
-- The work of the last minutes is read again and again, and rows come in the order of their times.
create index batch_finished on farm.batch using brin (finished_at) with (pages_per_range = 8, autosummarize = on);

-- Recorded outcomes, one array per column and batch. An array of one element stands for a column whose values are all
-- equal. Outcomes of a hundred trials stay uncompressed on their page: compressing them takes longer than all else.
create table farm.outcome (
  cell_id      text not null,
  first        bigint not null,
  offsets      integer[],                        -- trial index - first of each recorded row; null: all trials
  ends         smallint[] not null,
  exits        smallint[] not null,
  settled      integer[] not null,
  classes      integer[] not null,
  escaped_at   bigint[] not null,                -- 0: never
  converged_at bigint[] not null,
  steps        bigint[] not null,
  loss         double precision[] not null,
  distance     double precision[] not null,
  marks        bigint[] not null,                -- row by row, one entry per mark; 0: never
  primary key (cell_id, first)
) with (toast_tuple_target = 8160);
alter table farm.outcome alter loss set storage external, alter distance set storage external;

-- Contrasts compare trials that share their noise one by one, whatever rows are recorded.
create table farm.event_bits (
  cell_id  text not null,
  first    bigint not null,
  estimate text not null,
  count    bigint not null check (count > 0),
  bits     bytea not null check (length(bits) = (count + 7) / 8), -- trial first + i: bit i % 8, from the lowest, of byte i / 8
  primary key (cell_id, first, estimate)
);

-- Contrasts of ended sweeps, computed again when the request changes.
create table farm.contrast (
  sweep_id     text not null,
  place        integer not null,                 -- index in the request
  "first"      integer not null,                 -- indices of the two cells
  second       integer not null,
  estimate     json not null,                    -- statistics.ContrastEstimate; NaN and infinities are strings
  primary key (sweep_id, place, "first", second)
);

-- Every column that cells(name) has had, in the order of their first use.
create table farm.cells_column (
  name text not null,
  type text not null check (type in ('text', 'integer', 'bigint', 'double precision')),
  id   bigint generated always as identity,
  primary key (name, type)
);

create table farm.worker (
  id            text primary key,
  kind          text not null,                   -- worker | run | up | coordinator
  host          text not null,
  pid           integer not null,
  threads       integer not null,
  kernel        integer not null,
  state         text not null default 'alive' check (state in ('alive', 'draining', 'gone')),
  started_at    timestamptz not null default now(),
  seen_at       timestamptz not null default now(),
  batches       bigint not null default 0,
  trials        bigint not null default 0,
  cpu_seconds   double precision not null default 0,
  queue         text,                            -- a worker on another queue than the leader's never gets a job
  queue_server  text,                            -- identifies the server of the queue, whatever its address; null: unknown
  queue_lost_at timestamptz,                     -- time since which the queue has not responded; null while it responds
  trouble       text                             -- the problem that keeps it from working, as a sentence
);
create index worker_present on farm.worker (state) where state <> 'gone';

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

-- Leadership is a row: every write of a coordinator requires its epoch.
create table farm.leader (
  id     integer primary key check (id = 1),
  holder text not null,
  kind   text not null,                          -- run | up | coordinator
  epoch  bigint not null,
  until  timestamptz not null
);

-- Tokens of the HTTP API.
create table farm.token (
  id         bigint generated always as identity primary key,
  name       text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  role       text not null check (role in ('read', 'submit', 'admin')),
  hash       text not null unique,               -- SHA-256 of the secret, in hex; the secret itself is stored nowhere
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  used_at    timestamptz                         -- to the minute
);
create unique index token_name on farm.token (name) where revoked_at is null;

create table farm.action (
  id         bigint generated always as identity primary key,
  acted_at   timestamptz not null default now(),
  token      text,                               -- its name; null: requested without one, from the machine of the farm
  verb       text not null,
  sweep_id   text,
  sweep_name text,
  detail     jsonb not null default '{}',
  request    text not null
);
create index on farm.action (sweep_id);

-- Results that take long to compute, by cell. They are removed with it.
create table farm.exact (
  cell_id     text not null,
  kind        text not null check (kind in ('oracle', 'theorem')),
  inputs      text not null,                     -- everything else on which the result depends, such as horizons
  version     integer not null,
  document    json not null,
  seconds     double precision not null,
  computed_at timestamptz not null default now(),
  primary key (cell_id, kind, inputs)
);

-- Files that specs name, by the SHA-256 of their bytes, for a day.
create table farm.upload (
  hash  text primary key check (hash ~ '^[0-9a-f]{64}$'),
  bytes bytea not null,
  at    timestamptz not null default now()
);

-- Logins of workers on machines of others (\`driftfarm access\`) have only the rights of this role. A role belongs to the whole
-- server, so another database may have created it, or be creating it now.
do $$ begin
  create role driftfarm_worker nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema farm, public to driftfarm_worker;
grant select on public._prisma_migrations, farm.cell, farm.data, farm.data_part, farm.request, farm.sweep, farm.leader,
  farm.worker, farm.bundle, farm.pending, farm.batch, farm.premises, farm.pending_update to driftfarm_worker;
grant select (cell_id, first) on farm.outcome, farm.event_bits to driftfarm_worker;
-- Heartbeats.
grant insert, update, delete on farm.worker to driftfarm_worker;
-- Leases, commits and failures.
grant update, delete on farm.bundle, farm.pending to driftfarm_worker;
grant insert, delete on farm.batch, farm.outcome, farm.event_bits to driftfarm_worker;
grant insert on farm.pending_update, farm.failure to driftfarm_worker;
grant insert, update on farm.premises to driftfarm_worker;
-- A commit whose digest differs from the stored one stops the sweeps of the cell.
grant update (state, reason, finished_at) on farm.sweep to driftfarm_worker;
`,
  },
  {
    name: "20261201000001_views",
    sql: `-- The views for outside clients. A line with \`---\` describes the view or the column that follows it. These descriptions
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
  --- The state: \`planned\`, \`running\`, \`paused\`, \`interrupted\`, \`stopped\`, \`cancelled\`, \`incomplete\` or \`complete\`.
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
  --- Number of trials that count so far (see \`cell.trials\`), over all cells.
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
  --- The request of the newest submission for each cell: budget or stopping rules, \`record\`, \`horizons\`, \`rateAfter\` (the burn-in of \`escapeRate\`), \`confidence\`, \`estimates\`.
  s.demand,
  --- The spec as submitted.
  s.spec,
  --- Number of submissions that changed the sweep, including the first one.
  s.submission,
  --- Time of the last submission that changed the sweep.
  s.submitted_at,
  --- Time at which the sweep reached its final state; null while work is left.
  s.finished_at,
  --- The columns that \`cells(name)\` has in addition to the common ones. For each column: its name and type, its source (\`of\`: \`params\` or \`estimates\`), the key in this source, and for \`estimates\` the field (\`value\`, \`low\` or \`high\`).
  s.columns::jsonb as columns
from farm.sweep s;

--- A parameter point of a sweep, with its counts and estimates. One row per cell and sweep: sweeps with the same cell share its trials. All counts are over the trials 0 .. trials - 1 of the cell.
create view public.cell as
select
  --- The value of \`sweep.id\`.
  d.sweep_id as sweep,
  --- The value of \`sweep.name\`. Several sweeps may share this name: add \`and newest\` to select the one to which the name refers.
  s.name as sweep_name,
  --- Index of the cell in its sweep, from 0, in the order of the axes.
  d.index,
  --- Hash of everything that a trial depends on, 32 hex digits. In the views \`trial\`, \`batch\` and \`failure\`, this column is named \`cell\`.
  d.cell_id as id,
  --- Values of the swept paths, such as \`params->>'update.eta'\`.
  d.params,
  --- The state: \`open\`, \`done\` or \`failed\` (one of its batches was given up).
  d.state,
  --- Number of trials that count so far: the trials from 0 on, without a gap, that are both computed and requested.
  d.trials,
  --- Number of trials that escaped, whatever their outcome.
  (e.tally ->> 'escaped')::bigint as escaped,
  --- Number of trials with the outcome \`escaped\`: the escape stopped them, or they escaped and had not converged by the horizon.
  (e.tally -> 'ends' ->> 0)::bigint as end_escaped,
  --- Number of trials with the outcome \`converged\`.
  (e.tally -> 'ends' ->> 1)::bigint as end_converged,
  --- Number of trials with the outcome \`diverged\`.
  (e.tally -> 'ends' ->> 2)::bigint as end_diverged,
  --- Number of trials that reached the horizon without an event. The four outcomes sum to \`trials\`.
  (e.tally -> 'ends' ->> 3)::bigint as end_undecided,
  --- Number of trials that escaped through each named exit; \`{}\` without named exits.
  farm.counts_of(c.exits, e.tally -> 'exits', false) as exits,
  --- Number of trials that settled in each named minimum, with \`other\` for all other minima; \`{}\` without named minima.
  farm.counts_of(c.minima, e.tally -> 'settled', true) as settled,
  --- Number of trials whose end state is in each class, with \`other\` for those in no class; \`{}\` without classes.
  farm.counts_of(c.classes, e.tally -> 'classes', true) as classes,
  --- Number of trials that reached each mark; \`{}\` without marks.
  farm.counts_of(c.marks, e.tally -> 'marks', false) as marks,
  --- Probability of escaping; null if it was not requested. If both escape and convergence stop a trial, it is the probability of escaping before converging.
  d.numbers[1] as escape,
  --- Lower limit of the interval for \`escape\`. The confidence and the method of the interval are in \`estimates\`.
  d.numbers[2] as escape_low,
  --- Upper limit of the interval for \`escape\`.
  d.numbers[3] as escape_high,
  --- Probability of converging.
  d.numbers[4] as converge,
  --- Lower limit of the interval for \`converge\`.
  d.numbers[5] as converge_low,
  --- Upper limit of the interval for \`converge\`.
  d.numbers[6] as converge_high,
  --- Probability of diverging.
  d.numbers[7] as diverge,
  --- Lower limit of the interval for \`diverge\`.
  d.numbers[8] as diverge_low,
  --- Upper limit of the interval for \`diverge\`.
  d.numbers[9] as diverge_high,
  --- Escapes per step at risk. If the spec has \`rate: {after: n}\`, both escapes and steps are counted only after a burn-in of n steps; n is in \`estimates\`.
  d.numbers[10] as escape_rate,
  --- Lower limit of the interval for \`escape_rate\`.
  d.numbers[11] as escape_rate_low,
  --- Upper limit of the interval for \`escape_rate\`.
  d.numbers[12] as escape_rate_high,
  --- Restricted mean of the escape step, that is, the mean of \`min(tau, horizon)\` over all trials.
  d.numbers[13] as escape_step,
  --- Lower limit of the interval for \`escape_step\`.
  d.numbers[14] as escape_step_low,
  --- Upper limit of the interval for \`escape_step\`.
  d.numbers[15] as escape_step_high,
  --- Every estimate by its name (\`escape\`, \`exit:upper\`, \`stay\`, \`settle:left\`, \`class:good\`, \`mark:m2\`, \`cost:m2\`, \`joint:escaped,converged,left\`, ...). Each has \`value\`, \`low\`, \`high\`, \`confidence\`, \`method\` and \`events\`. Infinite values are stored as text.
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
  --- The value of \`data.hash\` for the samples that the loss of the cell uses; null without data.
  c.data_hash as data,
  --- The value of \`sweep.newest\`: whether the name refers to the sweep of this row.
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
  --- Every value of the resolved spec, swept or not, under its dotted path, such as \`settings->>'update.eta'\`. Lists are text.
  c.settings::jsonb as settings,
  --- Checks of the cell that are not good: \`name\`, \`verdict\` (\`note\`, \`doubtful\` or \`wrong\`), \`text\`, \`hint\` (what to do). The list is empty if all are good, and null before there are estimates. Comparisons with other cells (\`agreement\`) appear only in the output of \`driftfarm results\`.
  d.checks::jsonb as checks,
  --- For internal use: the numbers that \`cells(name)\` shows for estimates. The field \`at\` of each column in \`sweep.columns\` is the index of its number, from 1.
  d.numbers
from farm.request d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
-- Parsed once per row, however many columns a query reads from them, and not at all if it reads none.
cross join lateral (select d.tally::jsonb as tally, d.estimates::jsonb as estimates offset 0) e
-- A search for a threshold requests no trials of the cells that it does not visit.
where d.target > 0;

-- Recorded outcomes one by one. Arrays are read once per batch (\`|| '{}'\` decompresses them; the volatile column keeps the
-- planner from decompressing them again for each outcome), and only those that a query names. Only the values of one
-- outcome leave the fence (\`offset 0\`), so no sort, join or group above it carries or reads an array.
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

--- The outcome of one trial. One row per recorded outcome (see \`record\` in the spec) of a finished batch. An outcome counts only if \`trial < cell.trials\`. Always filter by \`cell\`.
create view public.trial as
select
  --- The value of \`cell.id\`.
  r.cell,
  --- Trial index in the cell, from 0.
  r.index as trial,
  --- Deprecated: use \`ended\`, which has the same values. The old name is a reserved word in SQL and needs double quotes there. A later version will remove it.
  (array['escaped', 'converged', 'diverged', 'undecided'])[(r."end" & 255) + 1] as "end",
  --- The named exit through which the trial escaped; null if there is none.
  r.exit,
  --- The minimum in which the trial settled, or \`other\`; null if it did not converge.
  r.settled,
  --- The class of the end state, or \`other\`; null without classes.
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
  --- The outcome: \`escaped\`, \`converged\`, \`diverged\` or \`undecided\`.
  (array['escaped', 'converged', 'diverged', 'undecided'])[(r."end" & 255) + 1] as ended
from farm.record r where r.method = 'direct';

--- One replica of a cell that uses the method \`splitting\`. One row per recorded outcome of a finished batch. The mean of the column \`estimate\` is the estimate of the cell. Always filter by \`cell\`.
create view public.replica as
select
  --- The value of \`cell.id\`.
  r.cell,
  --- Index of the replica in the cell, from 0. It corresponds to the column \`trial\` of other views.
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

--- One trial of a cell that uses the method \`tilt\`. One row per recorded outcome of a finished batch. The mean of the column \`value\` is the estimate of the cell. Always filter by \`cell\`.
create view public.weighted as
select
  --- The value of \`cell.id\`.
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
  --- The value of \`cell.id\`.
  b.cell_id as cell,
  --- Index of the first trial of the batch.
  b.first,
  --- Number of trials of the batch.
  b.count,
  --- The state: \`ready\`, \`leased\`, \`parked\` (no live sweep needs it now), \`done\` or \`failed\`.
  case when p.cell_id is null then 'done' when u.worker_id is null then p.state else 'leased' end as state,
  --- A counter, from 1. It increases each time that the batch leaves its bundle without being committed, and each time that it is retried.
  coalesce(p.generation, b.generation) as generation,
  --- Number of times that a worker took the batch.
  coalesce(p.attempts + coalesce(u.leases, 0), b.attempts) as attempts,
  --- Number of attempts that a live worker reported as failed.
  coalesce(p.failures, b.failures) as failures,
  --- Number of attempts that ended without a report.
  coalesce(p.vanished, b.vanished) as vanished,
  --- The \`worker.id\` of the last worker that took the batch.
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
  --- The rule by which its outcomes were recorded (\`record\` in the spec).
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
  --- The kind of process: \`worker\`, \`run\`, \`up\` or \`coordinator\`.
  w.kind,
  --- Name of the machine.
  w.host,
  --- Process id on that machine.
  w.pid,
  --- Number of computing threads.
  w.threads,
  --- Semantic version of the kernel of the process.
  w.kernel,
  --- The state: \`alive\`, \`draining\`, \`gone\` (it signed off) or \`lost\` (no heartbeat for 15 s).
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
  --- The queue from which the process takes jobs: \`redis://host:port/database\`, or \`postgres\` for the queue in this database; null if unknown.
  w.queue,
  --- The problem that keeps the process from working, such as a full database; null if there is none.
  w.trouble
from farm.worker w;

--- Failed attempts to compute a batch, newest last.
create view public.failure as
select
  --- Sequence number.
  f.id,
  --- The value of \`cell.id\`.
  f.cell_id as cell,
  --- Index of the first trial of the batch.
  f.first,
  --- Number of trials of the batch.
  f.count,
  --- Value of \`batch.generation\` when the batch failed.
  f.generation,
  --- The \`worker.id\` of the worker that made the attempt; null if unknown.
  f.worker_id as worker,
  --- The kind of failure: \`throw\`, \`exit\`, \`memory\`, \`deadline\`, \`vanished\` or \`determinism\`.
  f.kind,
  --- Description of the failure.
  f.message,
  --- Deprecated: use \`failed_at\`, which has the same values. The old name is a reserved word in DuckDB and needs double quotes there. A later version will remove it.
  f.at,
  --- Time of the failure.
  f.at as failed_at
from farm.failure f;

--- A set of samples for losses, identified by its content. The set is kept as long as a cell uses it.
create view public.data as
select
  --- SHA-256 of the shape and the numbers of the data, 64 hex digits. The column \`data\` of the view \`cell\` has the same value.
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
  --- The value of \`sweep.id\`.
  k.sweep_id as sweep,
  --- The value of \`sweep.name\`. Several sweeps may share this name: add \`and newest\` to select the one to which the name refers.
  s.name as sweep_name,
  --- Index of the contrast in the spec, from 0.
  k.place as index,
  --- The probability that is compared, by its name in \`estimates\`.
  s.demand -> 'contrasts' -> k.place ->> 'of' as of,
  --- The comparison. \`difference\`: first minus second; \`ratio\`: first divided by second.
  s.demand -> 'contrasts' -> k.place ->> 'kind' as kind,
  --- The swept path whose values differ.
  s.demand -> 'contrasts' -> k.place ->> 'path' as path,
  --- The \`cell.index\` of the first cell.
  k."first" as first_index,
  --- The \`cell.index\` of the second cell.
  k.second as second_index,
  --- The \`cell.id\` of the first cell.
  d.cell_id as first_cell,
  --- The \`cell.id\` of the second cell.
  e.cell_id as second_cell,
  --- The \`cell.params\` of the first cell.
  d.params as first_params,
  --- The \`cell.params\` of the second cell.
  e.params as second_params,
  --- The difference or the ratio. A ratio is Infinity if only the second cell has no events, and NaN if neither cell has events.
  (k.estimate ->> 'value')::double precision as value,
  --- Lower limit of the interval.
  (k.estimate ->> 'low')::double precision as low,
  --- Upper limit of the interval.
  (k.estimate ->> 'high')::double precision as high,
  --- Confidence of the interval.
  (k.estimate ->> 'confidence')::double precision as confidence,
  --- Method of the interval: \`miettinen-nurminen\` (independent cells), \`tango\` or \`tang\` (pairs of trials with shared noise), or \`bonferroni:..\`, which combines the intervals of the two cells.
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
  --- The value of \`sweep.newest\`: whether the name refers to the sweep of this row.
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.request d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.request e on e.sweep_id = k.sweep_id and e.index = k.second;

--- Number of batches of the whole farm by state, in one row. The cost of the query does not depend on the number of finished batches. Autoscalers read the column \`demand\`.
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

--- Exact and theoretical results for cells, computed on request (HTTP routes \`exact\` and \`theorem\`). One row per result.
create view public.exact as
select
  --- The value of \`cell.id\`.
  e.cell_id as cell,
  --- The kind of result. \`oracle\`: exact values; \`theorem\`: Theorem 1 and its bounds.
  e.kind,
  --- The horizons for which an exact result was computed; empty for a theorem.
  e.inputs as asked,
  --- The result, as in the documents \`Oracle\` and \`Theorem\`.
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
  --- The action: \`submit\`, \`pause\`, \`resume\`, \`stop\`, \`cancel\`, \`retry\`, \`extend\` or \`remove\`.
  a.verb,
  --- The \`sweep.id\` of the sweep, which may have been removed.
  a.sweep_id as sweep,
  --- The name of the sweep at that time.
  a.sweep_name,
  --- Further data of the action: for \`extend\` the requested number of trials per cell, for \`remove\` the number of cells that were removed.
  a.detail,
  --- Id of the request, as in the log and in the response header \`x-request-id\`.
  a.request
from farm.action a;
`,
  },
  {
    name: "20261201000002_functions",
    sql: `-- Functions for outside clients, and the login that may only read views and functions.

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
comment on function public.cells_query(text, text[], text[]) is 'The text of a query for the cells of a sweep with exactly its own columns: in psql, select cells_query(''name'') \\gexec. With columns: these, in this order; one that the sweep has not is null, of its type in types.';

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
-- database may have created it, or be creating it now. \`prepareReader\` sets its password and limits.
do $$ begin
  create role driftfarm_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema public to driftfarm_reader;
grant select on public.sweep, public.cell, public.trial, public.replica, public.weighted, public.batch, public.worker,
  public.failure, public.data, public.contrast, public.queue, public.exact, public.action to driftfarm_reader;
`,
  },
  {
    name: "20261202000000_stored_tables",
    sql: `-- A data set may be stored as bytes: an eighth of the size. Its hash is that of the doubles that the bytes stand for. In the
-- first \`scaled\` columns a byte stands for byte / divide, in the others for itself. Null: doubles.
alter table farm.data
  add divide double precision check (divide > 0),
  add scaled integer check (scaled >= 0),
  add constraint data_form check ((divide is null) = (scaled is null));
-- Number of bytes of a value.
create function farm.value_bytes(d farm.data) returns bigint language sql immutable
  return case when d.divide is null then 8 else 1 end;

-- Data sets of a cell besides its training samples; null: none.
alter table farm.cell
  add test_hash  text references farm.data,  -- samples that training does not use
  add start_hash text references farm.data;  -- weights at which trials start
create index on farm.cell (test_hash) where test_hash is not null;
create index on farm.cell (start_hash) where start_hash is not null;

create or replace view public.data as
select d.hash, d.rows, d.columns, farm.value_bytes(d) * d.rows * d.columns as bytes,
  (select count(*) from farm.cell c where c.data_hash = d.hash)
    + (select count(*) from farm.cell c where c.test_hash = d.hash)
    + (select count(*) from farm.cell c where c.start_hash = d.hash) as cells,
  d.created_at
from farm.data d;
comment on column public.data.bytes is 'Size of the numbers in bytes: 1 per number if all are bytes or bytes divided by a number, otherwise 8.';
comment on column public.data.cells is 'Number of cells that use the data for training, for tests or as their start. A cell counts once for each use, however many sweeps contain it.';

-- The comment of cells(name) in plainer words.
create or replace function farm.define_cells() returns void
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
    'The cells of a sweep, by its name (the newest of that name), its id or the beginning of either, in order: a typed column for each parameter and each estimate. Columns that only other sweeps have are null.';
exception when dependent_objects_still_exist then
  raise warning 'cells(text) keeps its columns, since something in the database is made of it: %', sqlerrm;
end $$;
select farm.define_cells();
`,
  },
  {
    name: "20261203000000_observed_rows",
    sql: `-- Observed values of recorded trials, except series. Both are null without observed values.
alter table farm.outcome
  add observed_keys text[],            -- spec.observedKeys: expression and time, such as loss@escape
  add observed     double precision[]; -- row by row, one entry per key; null where the trial has no value
alter table farm.outcome alter observed set storage external;

--- A value that \`observe\` of the spec requests, in one recorded trial of a finished batch. Series have no rows. A value counts only if \`trial < cell.trials\`. Always filter by \`cell\`.
create view public.observed as
select
  --- The value of \`cell.id\`.
  o.cell_id as cell,
  --- Trial index in the cell, from 0.
  o.first + t."offset" as trial,
  --- The observed expression, such as \`loss\`.
  left(t.key, -strpos(reverse(t.key), '@')) as expression,
  --- The time of the value: \`start\`, \`escape\`, \`converge\`, \`horizon\` or \`mark:NAME\`.
  right(t.key, strpos(reverse(t.key), '@') - 1) as time,
  --- The value; null if the trial did not reach this time.
  t.value
from farm.outcome o
cross join lateral (
  select coalesce(d.offsets[(v.n - 1) / d.width + 1], (v.n - 1) / d.width) as "offset",
         o.observed_keys[(v.n - 1) % d.width + 1] as key, v.value
    from (select o.offsets || '{}' as offsets, cardinality(o.observed_keys) as width,
                 farm.unfolding(o.cell_id, o.first) as fence) d
   cross join lateral unnest(o.observed) with ordinality v (value, n)
  offset 0
) t;
grant select on public.observed to driftfarm_reader;
`,
  },
  {
    name: "20261204000000_reused",
    sql: `-- The stored trials that a sweep found in other sweeps when it was submitted (report.ReusedData); null: none.
alter table farm.sweep add reused json;
`,
  },
  {
    name: "20261205000000_listed",
    sql: `-- What a list of sweeps shows of a sweep.
alter table farm.sweep
  add title     text,                            -- title, notes and tags were given after the submission
  add notes     text,
  add own_tags  jsonb,                           -- used instead of the tags of the spec; null: none were given
  add landscape text,                            -- spec.Sweep.landscape
  add ranges    jsonb,                           -- [{"path", "from", "to", "count"}], the values of each swept path
  add measured  integer not null default 0,      -- finished cells that have the leading estimate
  add precise   integer not null default 0,      -- those whose interval is precise (statistics.isPrecise)
  add widest    json;                            -- {"cell", "half"}, the one with the widest finite interval

update farm.sweep s
   set landscape = coalesce(
         substring(s.spec from 'landscape:[^#]*?preset:\\s*["'']?([\\w-]+)(?![\\w-])'),
         (select left(c.settings ->> 'landscape.expression', 48)
            from farm.request d join farm.cell c on c.id = d.cell_id where d.sweep_id = s.id and d.index = 0)),
       ranges = (
         select coalesce(jsonb_agg(jsonb_build_object('path', a.path, 'from', v.all_values[1],
                  'to', v.all_values[cardinality(v.all_values)], 'count', cardinality(v.all_values)) order by a.n), '[]')
           from jsonb_array_elements_text(s.axes) with ordinality a (path, n)
          cross join lateral (select array_agg(distinct d.params -> a.path) as all_values
                                from farm.request d where d.sweep_id = s.id and d.params ? a.path) v),
       measured = p.measured, precise = p.precise, widest = p.widest
  from (select d.sweep_id, count(e.half) as measured,
               count(*) filter (where e.half <= 0.1 * abs(e.value)
                 or e.half <= 0.01 and e.name ~ '^(escape|exit|converge|diverge|stay|settle|class|mark)\\y') as precise,
               (array_agg(json_build_object('cell', d.index, 'half', e.half) order by e.half desc)
                 filter (where e.half < 'Infinity'))[1] as widest
          from farm.request d join farm.sweep o on o.id = d.sweep_id
         cross join lateral (select coalesce(o.demand #>> '{until,rules,0,estimate}', o.demand #>> '{estimates,0}',
                                             'escape') as name offset 0) n
          left join lateral (select n.name, (d.estimates -> n.name ->> 'value')::float8 as value,
                                    ((d.estimates -> n.name ->> 'high')::float8
                                      - (d.estimates -> n.name ->> 'low')::float8) / 2 as half) e on d.state = 'done'
         group by d.sweep_id) p
 where p.sweep_id = s.id;

-- New columns of a view come last.
create or replace view public.sweep as
select s.id, s.name,
       not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
       case when s.state in ('planned', 'running') and s.runner is not null and not exists (
              select from farm.worker w
               where w.id = s.runner and w.state <> 'gone' and w.seen_at > now() - interval '15 seconds')
            then 'interrupted' else s.state end as state,
       s.reason, s.seed::numeric(20, 0) as seed, s.cells, s.trials, s.max_trials, s.cpu_seconds, s.priority,
       coalesce(s.own_tags, s.tags) as tags, s.axes, s.demand, s.spec, s.submission, s.submitted_at, s.finished_at,
       s.columns::jsonb as columns, s.title, s.notes
  from farm.sweep s;
comment on column public.sweep.tags is 'The tags in the spec, or those that replaced them after the submission.';
comment on column public.sweep.title is 'A title that was given after the submission; null if there is none.';
comment on column public.sweep.notes is 'Notes that were written after the submission; null if there are none.';
comment on column public.action.verb is 'The action: \`submit\`, \`pause\`, \`resume\`, \`stop\`, \`cancel\`, \`retry\`, \`extend\`, \`describe\` or \`remove\`.';
comment on column public.action.detail is 'Further data of the action: for \`extend\` the requested number of trials per cell, for \`describe\` the new title, notes and tags, for \`remove\` the number of cells that were removed.';
`,
  },
  {
    name: "20261206000000_engine",
    sql: `-- Which engine computes the trials of a process.
alter table farm.worker
  add engine text;                               -- which engine computes, and why not the other; null: unknown
`,
  },
]
