create table executions (
    organization_id text not null references organizations (id),
    id text not null,
    task_id text not null,
    repository_id text not null,
    work_order_id text not null,
    attempt integer not null,
    worker_id text not null,
    worker_name text not null,
    claim_id text not null,
    lease_token bigint not null,
    agent_token text,
    session_id text,
    runtime text not null,
    status text not null,
    error text,
    result text,
    branch text,
    base_commit text,
    head_commit text,
    diff_stat text,
    output_count bigint not null default 0,
    started_at bigint not null,
    ended_at bigint,
    primary key (organization_id, id),
    unique (organization_id, claim_id),
    unique (organization_id, work_order_id)
);

create index executions_task on executions (organization_id, task_id, attempt);
create index executions_running on executions (organization_id, worker_id) where status = 'running';
create unique index executions_agent_token on executions (agent_token) where agent_token is not null;

create table execution_output (
    organization_id text not null,
    execution_id text not null,
    first_n bigint not null,
    last_n bigint not null,
    lines text not null,
    primary key (organization_id, execution_id, first_n)
);
