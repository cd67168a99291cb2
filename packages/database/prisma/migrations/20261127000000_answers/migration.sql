-- What a cell was asked with: every value of its spec under its dotted path (`plainSettings`). Null: stored by an earlier
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

-- Arrays are read once a batch (`|| '{}'` takes them out of their compressed storage; the volatile column keeps the planner
-- from doing that again for each trial) and only those that a query names. What leaves the fence (`offset 0`) are the
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

-- DuckDB reads `at` as the beginning of a clause, as the newer standards of SQL do.
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
comment on function public.cells_query(text, text[], text[]) is 'The text of a query for the cells of a sweep with exactly its own columns: in psql, select cells_query(''name'') \gexec. With columns: these, in this order; one that the sweep has not is null, of its type in types.';
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
