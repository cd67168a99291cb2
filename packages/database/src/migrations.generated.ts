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
    sql: `-- A role belongs to the whole server: another database there may have made it already, or be making it now.
do $$ begin
  create role driftfarm_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
`,
  },
]
