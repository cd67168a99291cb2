-- Sweeps that differ in a setting which is not swept may share a name: a question that asks by the name alone mixes them.
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
comment on column public.cell.sweep_name is 'sweep.name. Several sweeps may share it: add `and newest` to ask for the one that it means.';
comment on column public.cell.newest is 'sweep.newest: whether the name means the sweep of this row.';
comment on column public.contrast.sweep_name is 'sweep.name. Several sweeps may share it: add `and newest` to ask for the one that it means.';
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
