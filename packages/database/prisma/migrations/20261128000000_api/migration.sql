-- Who may ask over HTTP, what was done that way, what was computed on request, and files that specs name.

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
