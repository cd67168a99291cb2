-- The stored trials that a sweep found in other sweeps when it was submitted (report.ReusedData); null: none.
alter table farm.sweep add reused json;
