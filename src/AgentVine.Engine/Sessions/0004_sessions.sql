create table sessions (
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
    created_at bigint not null,
    last_activity_at bigint not null,
    primary key (organization_id, id),
    unique (organization_id, execution_id)
);

create index sessions_age on sessions (organization_id, created_at);
create index sessions_task on sessions (organization_id, task_id);
