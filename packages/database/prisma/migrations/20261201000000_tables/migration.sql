-- The tables of the farm. Outside clients use only the views of the next migration.
create schema farm;

create table farm.sweep (
  id           text primary key,                 -- hash of the name and the cells, 32 hex digits
  name         text not null,
  seed         text not null,                    -- decimal, 0 .. 2^64-1
  state        text not null check (state in ('planned', 'running', 'paused', 'interrupted', 'stopped', 'cancelled',
                                              'incomplete', 'complete')),
  reason       text,                             -- the reason for this state, as a sentence
  runner       text,                             -- worker.id of the `run` process that is responsible for it; null: the farm is
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
  form      integer not null default 0,          -- hash of `canonical` without numbers: equal for cells of one module
  settings  json not null default '{}'           -- every value of its spec under its dotted path (`plainSettings`)
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

-- Logins of workers on machines of others (`driftfarm access`) have only the rights of this role. A role belongs to the whole
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
