create table execution_usage (
    organization_id text not null references organizations (id),
    execution_id text not null,
    minute bigint not null,
    model text not null,
    calls bigint not null,
    input bigint not null,
    output bigint not null,
    cache_read bigint not null,
    cache_write bigint not null,
    cost bigint not null,
    primary key (organization_id, execution_id, minute, model)
);

create index execution_usage_minute on execution_usage (organization_id, minute);

create table spending (
    organization_id text not null references organizations (id),
    execution_id text not null,
    day bigint not null,
    repository_id text not null,
    account text,
    spent bigint not null,
    primary key (organization_id, execution_id, day)
);

create index spending_day on spending (organization_id, day);

create table budget_locks (
    organization_id text not null primary key references organizations (id),
    asked bigint not null
);

alter table tasks add column budget bigint;
alter table repositories add column daily_budget bigint;
alter table executions add column granted bigint not null default 0;
alter table executions add column spent bigint not null default 0;
alter table executions add column metered bigint not null default 0;
alter table executions add column budget_refused text;

create index executions_lost on executions (organization_id, ended_at) where status = 'lost';
