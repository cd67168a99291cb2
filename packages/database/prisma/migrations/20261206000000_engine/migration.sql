-- Which engine computes the trials of a process.
alter table farm.worker
  add engine text;                               -- which engine computes, and why not the other; null: unknown
