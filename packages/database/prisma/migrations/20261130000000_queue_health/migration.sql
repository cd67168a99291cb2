-- What a process knows of its queue, told with each heartbeat.

-- Since when the queue has not answered it; null while it answers.
alter table farm.worker add column queue_lost_at timestamptz(6);
-- Identifies the server of the queue, whatever its address is; null where it is not known.
alter table farm.worker add column queue_server text;
