-- More trials were asked for after a look at the first ones: of the cells of which methods. Replicas have their own number.
alter table farm.sweep
  alter column extended drop default,
  alter column extended type text[] using case when extended then array['direct', 'splitting', 'tilt'] else array[]::text[] end,
  alter column extended set default array[]::text[];
