alter table work_orders add column dead_at bigint;
alter table work_orders add column cause text;

update work_orders set dead_at = (
    select t.finished_at from tasks t where t.organization_id = work_orders.organization_id and t.id = work_orders.task_id)
where state = 'dead';

create index work_orders_dead on work_orders (organization_id, dead_at, sequence) where state = 'dead';

alter table executions add column dependencies text;
alter table executions add column merged_base text;
alter table executions add column merged_target text;

alter table tasks add column parent_id text;
alter table tasks add column parent_execution text;
alter table tasks add column subtask_key text;

create index tasks_parent on tasks (organization_id, parent_id, created_at, id) where parent_id is not null;
create unique index tasks_subtask on tasks (organization_id, parent_id, subtask_key) where subtask_key is not null;
