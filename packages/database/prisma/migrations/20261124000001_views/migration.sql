-- A role belongs to the whole server: another database there may have made it already, or be making it now.
do $$ begin
  create role driftfarm_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
