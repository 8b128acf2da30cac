alter table requests add column escalates_at bigint;
alter table requests add column escalated_at bigint;
alter table requests add column parks_at bigint;
alter table requests add column park_asked_at bigint;
alter table requests add column granted_to text;
alter table requests add column grant_used_at bigint;
alter table requests add column waiter_seen_at bigint;

update requests set escalates_at = asked_at + 1800000000, parks_at = asked_at + 300000000, waiter_seen_at = asked_at
where status = 'open' and kind <> 'review';

create index requests_parking on requests (organization_id, parks_at) where status = 'open';
create index requests_escalation on requests (organization_id, escalates_at) where status = 'open' and escalated_at is null;
create index requests_undelivered on requests (organization_id, task_id) where status = 'answered';
