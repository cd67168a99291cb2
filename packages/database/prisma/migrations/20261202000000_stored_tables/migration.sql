-- A data set may be stored as bytes: an eighth of the size. Its hash is that of the doubles that the bytes stand for. In the
-- first `scaled` columns a byte stands for byte / divide, in the others for itself. Null: doubles.
alter table farm.data
  add divide double precision check (divide > 0),
  add scaled integer check (scaled >= 0),
  add constraint data_form check ((divide is null) = (scaled is null));
-- Number of bytes of a value.
create function farm.value_bytes(d farm.data) returns bigint language sql immutable
  return case when d.divide is null then 8 else 1 end;

-- Data sets of a cell besides its training samples; null: none.
alter table farm.cell
  add test_hash  text references farm.data,  -- samples that training does not use
  add start_hash text references farm.data;  -- weights at which trials start
create index on farm.cell (test_hash) where test_hash is not null;
create index on farm.cell (start_hash) where start_hash is not null;

create or replace view public.data as
select d.hash, d.rows, d.columns, farm.value_bytes(d) * d.rows * d.columns as bytes,
  (select count(*) from farm.cell c where c.data_hash = d.hash)
    + (select count(*) from farm.cell c where c.test_hash = d.hash)
    + (select count(*) from farm.cell c where c.start_hash = d.hash) as cells,
  d.created_at
from farm.data d;
comment on column public.data.bytes is 'Size of the numbers in bytes: 1 per number if all are bytes or bytes divided by a number, otherwise 8.';
comment on column public.data.cells is 'Number of cells that use the data for training, for tests or as their start. A cell counts once for each use, however many sweeps contain it.';

-- The comment of cells(name) in plainer words.
create or replace function farm.define_cells() returns void
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
    'The cells of a sweep, by its name (the newest of that name), its id or the beginning of either, in order: a typed column for each parameter and each estimate. Columns that only other sweeps have are null.';
exception when dependent_objects_still_exist then
  raise warning 'cells(text) keeps its columns, since something in the database is made of it: %', sqlerrm;
end $$;
select farm.define_cells();
