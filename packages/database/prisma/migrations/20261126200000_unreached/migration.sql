-- Trials of which a descent that ran out of its steps left something undecided: 256 is added to the code of their end.
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
