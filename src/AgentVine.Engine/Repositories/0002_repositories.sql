create table repositories (
    organization_id text not null references organizations (id),
    id text not null,
    url text not null,
    default_branch text,
    max_concurrent integer,
    created_at bigint not null,
    primary key (organization_id, id),
    unique (organization_id, url)
);
