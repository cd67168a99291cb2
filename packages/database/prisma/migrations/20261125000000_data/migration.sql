-- Samples that landscapes are means over, by their content: a worker needs no file. Parts, so that no statement and no
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
