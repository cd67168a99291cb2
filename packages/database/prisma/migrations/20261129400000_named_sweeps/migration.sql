-- A sweep is what its owner named: the name is part of its id, so that no two names share a row any more. The cells of the
-- sweeps that are here keep their ids and their trials; each sweep gets the id that its name and its cells have now.
create temp table named on commit drop as
select s.id as was,
       left(encode(sha256(convert_to(to_json(s.name)::text || E'\n' || c.lines, 'UTF8')), 'hex'), 32) as id
  from farm.sweep s
 cross join lateral (
   select string_agg(h.cell_id || E'\n', '' order by h.cell_id collate "C") as lines
     from (select distinct d.cell_id from farm.demand d where d.sweep_id = s.id) h) c
 where c.lines is not null;
alter table farm.sweep_name drop constraint sweep_name_sweep_id_fkey;
update farm.sweep t set id = n.id from named n where t.id = n.was;
update farm.demand t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.contrast t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.bundle t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.news t set sweep_id = n.id from named n where t.sweep_id = n.was;
update farm.action t set sweep_id = n.id from named n where t.sweep_id = n.was;

-- Whether the number of trials of a cell, or the rule that ends them, was chosen when trials of it could be read.
alter table farm.demand add column extended boolean not null default false;
update farm.demand d set extended = true
  from farm.sweep s, farm.cell c
 where s.id = d.sweep_id and cardinality(s.extended) > 0 and c.id = d.cell_id and c.method = any(s.extended);
alter table farm.sweep drop column extended, drop column looked;

-- The name of the token that submitted it first. Null: it was submitted without one.
alter table farm.sweep add column owner text;
update farm.sweep s set owner = (
  select a.token from farm.action a where a.sweep_id = s.id and a.verb = 'submit' order by a.id limit 1);

-- A name means the sweep that was submitted last under it.
create or replace view public.sweep as
select
  s.id,
  s.name,
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
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
from farm.sweep s;

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
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
  c.settings::jsonb as settings,
  d.checks::jsonb as checks,
  d.numbers
from farm.demand d
join farm.sweep s on s.id = d.sweep_id
join farm.cell c on c.id = d.cell_id
-- Read once a row, however many columns a query takes from them; not at all where it takes none.
cross join lateral (select d.tally::jsonb as tally, d.estimates::jsonb as estimates offset 0) e
-- A search for a threshold asks for no trials of the cells that it does not visit.
where d.target > 0;

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
  not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest
from farm.contrast k
join farm.sweep s on s.id = k.sweep_id
join farm.demand d on d.sweep_id = k.sweep_id and d.index = k."first"
join farm.demand e on e.sweep_id = k.sweep_id and e.index = k.second;

create or replace function farm.sweeps_meant(asked text)
returns table (id text, name text, rank integer, submitted_at timestamptz)
language sql stable
begin atomic
  select s.id, s.name,
         case when s.name = asked
               and not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) then 0
              when s.id = asked then 1
              else 2 end,
         s.submitted_at
    from farm.sweep s
   where starts_with(s.id, lower(asked)) or starts_with(s.name, asked)
   order by 3, 4 desc;
end;

drop table farm.sweep_name;
