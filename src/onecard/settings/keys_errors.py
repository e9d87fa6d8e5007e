"""What can be wrong with a home's keys, each in one sentence that never shows a key."""

from onecard.values.error import OnecardError

__all__ = ["KekUnusable", "KeyBusy", "KeyUnknown", "KeyringForeign", "KeyringUnreadable", "SealBroken"]


class SealBroken(OnecardError):
    """Sealed bytes do not open: another row's, another key's, or tampered with."""

    code = "settings.seal_broken"
    zh = "{table} 第 {row} 行的加密内容无法解开：密钥 {key_id} 不在本机密钥环中，或内容被改动、挪到了别的行。"
    en = "Row {row} of {table} does not open: key {key_id} is not in this home's keyring, or the content was altered or moved."
    exit_code = 1
    http_status = 500


class KeyringUnreadable(OnecardError):
    """The keyring file is there, but is no keyring."""

    code = "settings.keyring_unreadable"
    zh = "密钥文件 {path} 无法读取：{why}。请从备份恢复；没有它，已加密的个人信息无法解开。"
    en = "The key file {path} cannot be read: {why}. Restore it from a backup; without it personal data stays sealed for ever."
    exit_code = 3
    http_status = 503


class KekUnusable(OnecardError):
    """The key-encryption key is not to be had, or is another one than that which wrapped the keyring."""

    code = "settings.kek_unusable"
    zh = "主密钥 {uri} 无法使用：{why_zh}。请检查 ONECARD_KEK、密钥文件或密码机；密钥环本身没有改动。"
    en = "The key-encryption key {uri} cannot be used: {why_en}. Look at ONECARD_KEK, the key file or the module; the keyring is as it was."
    exit_code = 3
    http_status = 503


class KeyringForeign(OnecardError):
    """The database was sealed with another home's keys, or with newer ones than this machine has."""

    code = "settings.keyring_foreign"
    zh = "本机密钥环与数据库不符：密钥 {key_id} 不在密钥环中或内容不同。请换上加密该数据库的 keys 目录（连同主密钥），或连接本机的数据库。"
    en = (
        "This home's keyring does not belong to the database: key {key_id} is missing or another one. Bring the keys folder (and its"
        " key-encryption key) that sealed this database, or name the database of this home."
    )
    exit_code = 3
    http_status = 503


class KeyUnknown(OnecardError):
    """No key has that id."""

    code = "settings.key_unknown"
    zh = "没有编号为 {key_id} 的密钥。onecard keys list 列出全部密钥。"
    en = "There is no key {key_id}. onecard keys list names them all."
    exit_code = 2
    http_status = 404


class KeyBusy(OnecardError):
    """A key that is still needed is not retired."""

    code = "settings.key_busy"
    zh = "密钥 {key_id} 还不能停用：{why_zh}。"
    en = "Key {key_id} cannot be retired yet: {why_en}."
    exit_code = 1
    http_status = 409
