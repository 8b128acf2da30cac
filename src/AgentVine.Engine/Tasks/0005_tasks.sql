create table tasks (
    organization_id text not null references organizations (id),
    id text not null,
    title text not null,
    description text,
    task_type text not null,
    priority text not null,
    permission_level text not null,
    status text not null,
    status_reason text,
    merge_state text not null,
    repository_id text not null,
    branch_name text,
    context text,
    payload text,
    metadata text,
    timeout integer not null,
    runtime text not null,
    model text,
    attempt integer not null default 0,
    attempts_used integer not null default 0,
    max_attempts integer not null,
    queue_rank bigint not null,
    work_branch text,
    session_id text,
    worker_id text,
    execution_id text,
    feedback text,
    result text,
    error text,
    created_at bigint not null,
    updated_at bigint not null,
    started_at bigint,
    finished_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, repository_id) references repositories (organization_id, id)
);

create index tasks_age on tasks (organization_id, created_at, id);
create index tasks_status on tasks (organization_id, status, created_at, id);

create table task_dependencies (
    organization_id text not null,
    task_id text not null,
    depends_on_id text not null,
    position integer not null,
    primary key (organization_id, task_id, depends_on_id),
    foreign key (organization_id, task_id) references tasks (organization_id, id),
    foreign key (organization_id, depends_on_id) references tasks (organization_id, id)
);

create index task_dependencies_reverse on task_dependencies (organization_id, depends_on_id);
