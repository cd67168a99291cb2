-- Functions for outside clients, and the login that may only read views and functions.

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
comment on function public.cells_query(text, text[], text[]) is 'The text of a query for the cells of a sweep with exactly its own columns: in psql, select cells_query(''name'') \gexec. With columns: these, in this order; one that the sweep has not is null, of its type in types.';

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
-- database may have created it, or be creating it now. `prepareReader` sets its password and limits.
do $$ begin
  create role driftfarm_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema public to driftfarm_reader;
grant select on public.sweep, public.cell, public.trial, public.replica, public.weighted, public.batch, public.worker,
  public.failure, public.data, public.contrast, public.queue, public.exact, public.action to driftfarm_reader;
