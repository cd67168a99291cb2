-- How the trials of a cell are made: direct, or splitting, of which a trial is a replica.
alter table farm.cell add column method text not null default 'direct';

-- Replicas are rows of their own kind.
-- Each array that a query needs is read once a batch (`|| '{}'` takes it out of its compressed storage; the volatile
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
