"""The configuration files of the embedded server, as texts. Pure. Written anew at every start; tuning goes elsewhere."""

from collections.abc import Iterable
from pathlib import Path

from onecard.db.place import OWNER, Endpoint

__all__ = ["ROLES", "access_rules", "server_settings", "user_map"]

# Roles of the program (DESIGN §4). They own nothing; migrations say what each may do.
ROLES = ("onecard_lane", "onecard_desk", "onecard_batch", "onecard_console", "onecard_audit_ro")

_MAP = "onecard"

# For a small server with two cores and 4 GB. Values of statements never reach the log: no parameters, no failing
# statement, and terse messages, since a DETAIL line quotes the row that broke a constraint.
_SETTINGS = """
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
min_dynamic_shared_memory = 64MB
random_page_cost = 1.1
jit = off

fsync = on
full_page_writes = on
synchronous_commit = on
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
max_prepared_transactions = 64

password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'

log_destination = 'stderr'
log_line_prefix = '%m [%p] %q%a '
log_min_messages = warning
log_checkpoints = off
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def server_settings(endpoint: Endpoint, local: Path | None) -> str:
    """Return `postgresql.conf` for a server at *endpoint*; an operator's own settings, in *local*, have the last word."""
    return (
        "# Written anew at every start; your own settings go into postgres/local.conf in the home.\n"
        "listen_addresses = '127.0.0.1'\n"
        f"port = {endpoint.port}\n"
        f"unix_socket_directories = {_quoted(_listed(endpoint.socket_folder))}\n"
        "unix_socket_permissions = 0700\n"
        f"{_SETTINGS}" + ("" if local is None else f"\ninclude = {_quoted(str(local))}\n")
    )


def access_rules() -> str:
    """Return `pg_hba.conf`: the operating system says who it is on the socket, a password elsewhere, nobody is trusted."""
    return f"local all all peer map={_MAP}\nhost all all 127.0.0.1/32 scram-sha-256\n"


def user_map(os_users: Iterable[str]) -> str:
    """Return `pg_ident.conf`: each of *os_users* may be the owner or any role of the program. PostgreSQL 15 knows no `all` here."""
    return "".join(f'{_MAP} "{user}" {role}\n' for user in os_users for role in (OWNER, *ROLES))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _listed(folder: str) -> str:
    """Quote one entry of a comma-separated list, so that blanks and commas are part of it."""
    return '"' + folder.replace('"', '""') + '"'
