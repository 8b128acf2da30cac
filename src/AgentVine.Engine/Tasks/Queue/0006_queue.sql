create table work_orders (
    sequence integer primary key autoincrement,
    organization_id text not null,
    id text not null,
    task_id text not null,
    repository_id text not null,
    queue text not null,
    lane text not null,
    rank bigint not null,
    state text not null,
    held_reason text,
    available_at bigint,
    ready_at bigint,
    worker_id text,
    execution_id text,
    lease_expires_at bigint,
    unique (organization_id, id),
    foreign key (organization_id, task_id) references tasks (organization_id, id)
);

create index work_orders_ready on work_orders (organization_id, lane, rank, sequence) where state = 'ready';
create index work_orders_repository on work_orders (organization_id, repository_id, state, rank, sequence);
create index work_orders_task on work_orders (organization_id, task_id);
create index work_orders_delayed on work_orders (available_at) where held_reason = 'delay';
create index work_orders_leased on work_orders (lease_expires_at) where state = 'leased';
create index work_orders_worker on work_orders (organization_id, worker_id) where state = 'leased';
