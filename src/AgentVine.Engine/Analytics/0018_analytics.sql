create table task_outcomes (
    organization_id text not null references organizations (id),
    at bigint not null,
    task_id text not null,
    status text not null,
    execution_id text,
    primary key (organization_id, at, task_id, status)
);

create table queue_samples (
    organization_id text not null references organizations (id),
    at bigint not null,
    queue text not null,
    ready bigint not null,
    held bigint not null,
    delayed bigint not null,
    leased bigint not null,
    dead bigint not null,
    primary key (organization_id, at, queue)
);

create table worker_spans (
    organization_id text not null references organizations (id),
    worker_id text not null,
    up_from bigint not null,
    up_until bigint,
    primary key (organization_id, worker_id, up_from)
);

create index worker_spans_end on worker_spans (organization_id, up_until);

alter table executions add column ready_at bigint;
alter table executions add column told_cost bigint;
alter table executions add column told_input bigint;
alter table executions add column told_output bigint;
alter table executions add column told_cache_read bigint;
alter table executions add column told_cache_write bigint;

create index executions_began on executions (organization_id, started_at);
create index executions_ended on executions (organization_id, ended_at);
create index requests_answered on requests (organization_id, closed_at) where status = 'answered';
create index sessions_ended on sessions (organization_id, last_activity_at) where status = 'terminated';
create index workers_left on workers (organization_id, deregistered_at);

insert into task_outcomes (organization_id, at, task_id, status, execution_id)
select organization_id, finished_at, id, status, execution_id from tasks where finished_at is not null;

insert into worker_spans (organization_id, worker_id, up_from, up_until)
select organization_id, id, created_at, case when deregistered_at is not null or status = 'offline' then last_seen_at end from workers;

update executions set
    told_cost = cast(round((result ->> '$.cost_usd') * 1000000) as integer),
    told_input = result ->> '$.tokens.input',
    told_output = result ->> '$.tokens.output',
    told_cache_read = result ->> '$.tokens.cache_read',
    told_cache_write = result ->> '$.tokens.cache_write'
where result is not null;
