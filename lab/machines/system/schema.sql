create table records (
    id bigint generated always as identity primary key,
    client text not null,
    seq bigint not null,
    value text not null,
    stored timestamptz not null default now(),
    unique (client, seq)
);
insert into records (client, seq, value, stored)
    select 'archive', n, md5(n::text), timestamptz '2020-01-01 08:00+08' + n * interval '20 minutes' from generate_series(1, 120000) n;
alter table records owner to xyapp;
