create table kept_sessions (
    organization_id text not null references organizations (id),
    id text not null,
    session_id text not null,
    task_id text not null,
    execution_id text not null,
    worker_id text not null,
    runtime text not null,
    model text,
    status text not null,
    end_reason text,
    cost_usd text,
    cost_before text,
    context_tokens bigint,
    context_window bigint,
    tasks_served integer not null default 1,
    repository_id text,
    task_type text,
    permission_level text,
    asked_model text,
    is_free integer not null default 0,
    checkpoint_execution text,
    checkpoint_n integer,
    created_at bigint not null,
    last_activity_at bigint not null,
    primary key (organization_id, id)
);

insert into kept_sessions (organization_id, id, session_id, task_id, execution_id, worker_id, runtime, model, status, end_reason, cost_usd,
    created_at, last_activity_at)
select organization_id, id, session_id, task_id, execution_id, worker_id, runtime, model, status, end_reason, cost_usd, created_at, last_activity_at
from sessions;

drop table sessions;
alter table kept_sessions rename to sessions;

create index sessions_age on sessions (organization_id, created_at);
create index sessions_task on sessions (organization_id, task_id);
create index sessions_execution on sessions (organization_id, execution_id);
create index sessions_agent on sessions (organization_id, session_id);
create index sessions_free on sessions (organization_id, last_activity_at) where is_free = 1;
