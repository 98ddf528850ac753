"""An installation to back up, and who may open the backup."""

from pathlib import Path

import pytest

from bot.backup.seal import Lock, new_pair
from bot.config import Config
from storage.key_file import replace_keys
from storage.keys import Keyring
from tests.backup.filled import config_of


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str, keyring: Keyring) -> Config:
    """An installation: database, key, a photo, own forms."""
    data = tmp_path
    replace_keys(data / "key", keyring.keys)
    (data / "templates").mkdir()
    (data / "templates" / "aid_form.docx").write_bytes(b"own form")
    return config_of(data)


@pytest.fixture
def pair() -> tuple[str, Lock]:
    secret, public = new_pair()
    return secret, Lock(recipients=(public,))
