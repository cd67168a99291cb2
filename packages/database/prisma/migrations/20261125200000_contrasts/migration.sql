-- Contrasts between cells. Trials of cells that share their noise are compared one by one: for that a bit a trial is kept,
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
