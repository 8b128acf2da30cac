create table blobs (
    organization_id text not null references organizations (id),
    hash text not null,
    content bytea not null,
    primary key (organization_id, hash)
);
