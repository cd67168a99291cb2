-- Where an argument has no name, pg_dump and pg_upgrade write for it what no server takes back. The same, with a name.
create or replace function farm.sweeps_meant(asked text)
returns table (id text, name text, rank integer, submitted_at timestamptz)
language sql stable
begin atomic
  select s.id, s.name, case when n.name = asked then 0 when s.id = asked then 1 else 2 end, s.submitted_at
    from farm.sweep s left join farm.sweep_name n on n.sweep_id = s.id and n.name = asked
   where n.name is not null or starts_with(s.id, lower(asked)) or starts_with(s.name, asked)
   order by 3, 4 desc;
end;
