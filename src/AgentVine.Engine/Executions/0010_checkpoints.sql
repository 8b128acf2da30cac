create table checkpoints (
    organization_id text not null references organizations (id),
    execution_id text not null,
    n integer not null,
    task_id text not null,
    attempt integer not null,
    session_id text,
    transcript_bytes bigint not null,
    transcript_sha256 text,
    transcript_chunks text not null,
    commit_id text not null,
    head_commit text not null,
    base_commit text not null,
    cause text not null,
    taken_at bigint not null,
    created_at bigint not null,
    primary key (organization_id, execution_id, n)
);

alter table executions add column checkpoint integer;
alter table executions add column resumed_from text;
alter table executions add column resumed_checkpoint integer;
alter table executions add column session_from text;
alter table executions add column session_checkpoint integer;
alter table executions add column unconfirmed_since bigint;
alter table executions add column stalled_since bigint;
