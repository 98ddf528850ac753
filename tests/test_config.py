"""Settings: the file, the named environment variables, the command line, and clear complaints."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import NAMED_VARIABLES, Config, ConfigError, load_config

SHIPPED = Path(__file__).parent.parent / "config.yaml"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*NAMED_VARIABLES, *(n for n in os.environ if n.startswith("YULU__"))]:
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return path


def leaves(values: Any, prefix: str = "") -> set[str]:
    if not isinstance(values, dict):
        return {prefix}
    return {leaf for key, inner in values.items() for leaf in leaves(inner, f"{prefix}.{key}")}


def test_shipped_file_names_every_setting_with_its_default() -> None:
    shipped = yaml.safe_load(SHIPPED.read_text("utf-8"))
    assert leaves(shipped) == leaves(Config().model_dump())
    assert load_config(SHIPPED) == Config()


def test_shipped_file_comments_every_section() -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if line and line[0] not in "# ":
            assert lines[number - 1].startswith("#"), line


def test_no_file_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config() == Config()
    written(tmp_path, "office: {name: 测试局}")
    assert load_config().office.name == "测试局"


@pytest.mark.parametrize(
    ("variable", "value", "setting"),
    [
        ("DATABASE_URL", "postgresql://u:p@h/d", "database.url"),
        ("YULU_KEY", "k" * 43, "keys.key"),
        ("NLU_ENGINE", "rasa", "nlu.engine"),
        ("RASA_URL", "http://rasa:5005", "nlu.rasa_url"),
        ("TELEGRAM_BOT_TOKEN", "1:a", "telegram.token"),
        ("TELEGRAM_API_BASE", "http://127.0.0.1:9", "telegram.api_base"),
        ("TELEGRAM_WEBHOOK_SECRET", "s", "telegram.webhook_secret"),
        ("REST_CHANNEL_TOKEN", "r", "rest.token"),
    ],
)
@pytest.mark.parametrize("path", [SHIPPED, None])
def test_named_variables_work_with_any_file(
    variable: str,
    value: str,
    setting: str,
    path: Path | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)
    found: Any = load_config(path)
    for part in setting.split("."):
        found = getattr(found, part)
    assert (found if isinstance(found, str) else found.get_secret_value()) == value


def test_environment_beats_file_and_command_line_beats_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "web: {port: 8001}\nnlu: {engine: rasa}\ndata_dir: /srv/a")
    assert load_config(path).web.port == 8001
    monkeypatch.setenv("YULU__WEB__PORT", "8002")
    monkeypatch.setenv("NLU_ENGINE", "local")
    assert load_config(path).web.port == 8002
    assert load_config(path).nlu.engine == "local"
    chosen = load_config(path, tmp_path / "b", 8003)
    assert (chosen.web.port, chosen.data_dir) == (8003, tmp_path / "b")


def test_own_variable_names_are_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "telegram: {token: '${COUNTY_BOT}'}")
    assert load_config(path).telegram.token.get_secret_value() == ""
    monkeypatch.setenv("COUNTY_BOT", "2:b")
    assert load_config(path).telegram.token.get_secret_value() == "2:b"


def test_secret_in_the_file_is_refused_without_repeating_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, "telegram: {token: '123:hush'}"))
    assert "telegram.token" in str(error.value)
    assert "hush" not in str(error.value)


def test_a_password_of_the_database_is_a_secret_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, "database: {url: 'postgresql://yulu:hush@10.0.0.1/yulu'}"))
    assert "DATABASE_URL" in str(error.value)
    assert "hush" not in str(error.value)
    for plain in ("postgresql://yulu@10.0.0.1/yulu", "sqlite:////srv/a.db"):
        config = load_config(written(tmp_path, f"database: {{url: '{plain}'}}"))
        assert config.database_url == plain
    monkeypatch.setenv("PASSWORD_OF_OURS", "hush")
    mixed = "database: {url: 'postgresql://yulu:${PASSWORD_OF_OURS}@10.0.0.1/yulu'}"
    assert "hush" in load_config(written(tmp_path, mixed)).database_url


def test_a_webhook_secret_is_one_that_telegram_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "hush hush")
    with pytest.raises(ConfigError, match="TELEGRAM_WEBHOOK_SECRET") as error:
        load_config(written(tmp_path, ""))
    assert "hush" not in str(error.value)


def test_a_network_of_proxies_may_be_trusted(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, "web: {trusted_proxies: ['172.30.0.0/24', '::1']}"))
    assert config.trusted_proxies == ("172.30.0.0/24", "::1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("web: {prot: 1}", ["web.prot", "没有这个设置"]),
        ("wbe: {port: 1}", ["wbe", "没有这个设置"]),
        ("web: {port: many}", ["web.port", "整数"]),
        ("nlu: {timeout: soon}", ["nlu.timeout", "数字"]),
        ("office: {home_region: 15}", ["office.home_region", "引号"]),
        ("office: {home_region: '110000'}", ["office.home_region"]),
        ("telegram: {webhook_url: 'https://x'}", ["TELEGRAM_WEBHOOK_SECRET"]),
        ("telegram: {proxy: 'socks5://127.0.0.1:1'}", ["telegram.proxy", "http"]),
        ("web: {port: 70000}", ["web.port", "65535"]),
        ("web: {public_url: 'htp:/x'}", ["web.public_url", "http"]),
        ("web: {public_url: 'yulu.cn'}", ["web.public_url", "http"]),
        ("web: {trusted_proxies: ['*']}", ["web.trusted_proxies", "反向代理的地址"]),
        ("web: {trusted_proxies: ['0.0.0.0/0']}", ["web.trusted_proxies", "反向代理的地址"]),
        ("web: {trusted_proxies: [proxy]}", ["web.trusted_proxies", "反向代理的地址"]),
        ("web: {trusted_proxies: 10.0.0.1}", ["web.trusted_proxies", "一列"]),
        ("telegram: {api_base: 'ftp://x'}", ["telegram.api_base", "http"]),
        ("workers: 3", ["workers", "一行一项"]),
        ("workers: {turns: 0}", ["workers.turns", "不能小于 1"]),
        ("security: {second_factor: [chief]}", ["second_factor", "只能是", "admin"]),
        ("log: {level: loud}", ["log.level", "只能是", "debug"]),
        ("- a", ["顶层"]),
        ("a: [", ["格式"]),
    ],
)
def test_mistakes_are_named_in_words(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, text))
    assert all(word in str(error.value) for word in words), str(error.value)


def test_missing_and_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"找不到设置文件 .*none\.yaml"):
        load_config(tmp_path / "none.yaml")
    bad = tmp_path / "gbk.yaml"
    bad.write_bytes("office: {name: 教育局}".encode("gb18030"))
    with pytest.raises(ConfigError, match="读不了"):
        load_config(bad)


def test_empty_file_means_all_defaults(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, "")) == Config()


def test_derived_places(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, "web: {public_url: 'https://yulu.cn/'}"), tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path / 'yulu.db'}"
    assert config.key_file == tmp_path / "key"
    assert config.files_dir == tmp_path / "files"
    assert config.public_url == "https://yulu.cn"
    assert Config().public_url == "http://127.0.0.1:8000"


def test_secrets_do_not_show_in_a_printed_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:hush")
    assert "hush" not in repr(load_config(SHIPPED))
