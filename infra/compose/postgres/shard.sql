-- Once, into an empty volume. The extensions that search needs are trusted ones: the owner of the database makes them in its migrations.
\getenv shard_database SHARD_DATABASE
\getenv read_password READ_PASSWORD
CREATE ROLE folio_read_models LOGIN PASSWORD :'read_password';
CREATE DATABASE :"shard_database" OWNER folio_read_models;
REVOKE CONNECT ON DATABASE :"shard_database" FROM PUBLIC;
