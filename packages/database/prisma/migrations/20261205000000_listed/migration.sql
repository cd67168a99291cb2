-- What a list of sweeps shows of a sweep.
alter table farm.sweep
  add title     text,                            -- title, notes and tags were given after the submission
  add notes     text,
  add own_tags  jsonb,                           -- used instead of the tags of the spec; null: none were given
  add landscape text,                            -- spec.Sweep.landscape
  add ranges    jsonb,                           -- [{"path", "from", "to", "count"}], the values of each swept path
  add measured  integer not null default 0,      -- finished cells that have the leading estimate
  add precise   integer not null default 0,      -- those whose interval is precise (statistics.isPrecise)
  add widest    json;                            -- {"cell", "half"}, the one with the widest finite interval

update farm.sweep s
   set landscape = coalesce(
         substring(s.spec from 'landscape:[^#]*?preset:\s*["'']?([\w-]+)(?![\w-])'),
         (select left(c.settings ->> 'landscape.expression', 48)
            from farm.request d join farm.cell c on c.id = d.cell_id where d.sweep_id = s.id and d.index = 0)),
       ranges = (
         select coalesce(jsonb_agg(jsonb_build_object('path', a.path, 'from', v.all_values[1],
                  'to', v.all_values[cardinality(v.all_values)], 'count', cardinality(v.all_values)) order by a.n), '[]')
           from jsonb_array_elements_text(s.axes) with ordinality a (path, n)
          cross join lateral (select array_agg(distinct d.params -> a.path) as all_values
                                from farm.request d where d.sweep_id = s.id and d.params ? a.path) v),
       measured = p.measured, precise = p.precise, widest = p.widest
  from (select d.sweep_id, count(e.half) as measured,
               count(*) filter (where e.half <= 0.1 * abs(e.value)
                 or e.half <= 0.01 and e.name ~ '^(escape|exit|converge|diverge|stay|settle|class|mark)\y') as precise,
               (array_agg(json_build_object('cell', d.index, 'half', e.half) order by e.half desc)
                 filter (where e.half < 'Infinity'))[1] as widest
          from farm.request d join farm.sweep o on o.id = d.sweep_id
         cross join lateral (select coalesce(o.demand #>> '{until,rules,0,estimate}', o.demand #>> '{estimates,0}',
                                             'escape') as name offset 0) n
          left join lateral (select n.name, (d.estimates -> n.name ->> 'value')::float8 as value,
                                    ((d.estimates -> n.name ->> 'high')::float8
                                      - (d.estimates -> n.name ->> 'low')::float8) / 2 as half) e on d.state = 'done'
         group by d.sweep_id) p
 where p.sweep_id = s.id;

-- New columns of a view come last.
create or replace view public.sweep as
select s.id, s.name,
       not exists (select from farm.sweep o where o.name = s.name and o.submitted_at > s.submitted_at) as newest,
       case when s.state in ('planned', 'running') and s.runner is not null and not exists (
              select from farm.worker w
               where w.id = s.runner and w.state <> 'gone' and w.seen_at > now() - interval '15 seconds')
            then 'interrupted' else s.state end as state,
       s.reason, s.seed::numeric(20, 0) as seed, s.cells, s.trials, s.max_trials, s.cpu_seconds, s.priority,
       coalesce(s.own_tags, s.tags) as tags, s.axes, s.demand, s.spec, s.submission, s.submitted_at, s.finished_at,
       s.columns::jsonb as columns, s.title, s.notes
  from farm.sweep s;
comment on column public.sweep.tags is 'The tags in the spec, or those that replaced them after the submission.';
comment on column public.sweep.title is 'A title that was given after the submission; null if there is none.';
comment on column public.sweep.notes is 'Notes that were written after the submission; null if there are none.';
comment on column public.action.verb is 'The action: `submit`, `pause`, `resume`, `stop`, `cancel`, `retry`, `extend`, `describe` or `remove`.';
comment on column public.action.detail is 'Further data of the action: for `extend` the requested number of trials per cell, for `describe` the new title, notes and tags, for `remove` the number of cells that were removed.';
