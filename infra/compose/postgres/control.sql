-- Once, into an empty volume. Each database has a role of its own and nothing crosses them; the passwords come from the environment of the container.
\getenv write_password WRITE_PASSWORD
\getenv read_password READ_PASSWORD
CREATE ROLE folio_write_side LOGIN PASSWORD :'write_password';
CREATE ROLE folio_read_models LOGIN PASSWORD :'read_password';
CREATE DATABASE folio_write OWNER folio_write_side;
CREATE DATABASE folio_control OWNER folio_read_models;
REVOKE CONNECT ON DATABASE folio_write, folio_control FROM PUBLIC;
