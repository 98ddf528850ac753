"""The typed settings: config.yaml, then environment variables, then the command line."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.mistakes import in_words
from storage.kinds import Role

DEFAULT_PATH = Path("config.yaml")

NAMED_VARIABLES = {
    "DATABASE_URL": ("database", "url"),
    "YULU_KEY": ("keys", "key"),
    "NLU_ENGINE": ("nlu", "engine"),
    "RASA_URL": ("nlu", "rasa_url"),
    "RASA_TOKEN": ("nlu", "rasa_token"),
    "TELEGRAM_BOT_TOKEN": ("telegram", "token"),
    "TELEGRAM_API_BASE": ("telegram", "api_base"),
    "TELEGRAM_WEBHOOK_URL": ("telegram", "webhook_url"),
    "TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook_secret"),
    "REST_CHANNEL_TOKEN": ("rest", "token"),
    "METRICS_TOKEN": ("metrics", "token"),
}
"""The environment variables that are public interface, and the setting each one sets."""

LOCAL = ("127.0.0.1", "::1")

SECRETS = (
    ("keys", "key"),
    ("nlu", "rasa_token"),
    ("telegram", "token"),
    ("telegram", "webhook_secret"),
    ("rest", "token"),
    ("metrics", "token"),
)

_HEADER_SAFE = re.compile(r"[A-Za-z0-9_-]*")
"""What Telegram takes as a secret."""

_WITH_PASSWORD = re.compile(r"[^$\s]*://[^/\s]*:(?!\$\{)[^/\s]*@")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ConfigError(Exception):
    """The settings cannot be used; the message says why, in Chinese, for the technician."""


class Section(BaseModel):
    """One section of config.yaml: an unknown key is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Web(Section):
    """Where the pages and the API are served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://[^/\s]+(/\S*)?)?$")
    drain_seconds: float = Field(default=0, ge=0, le=300)
    trusted_proxies: tuple[str, ...] | None = None

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, said: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """No `*`: whoever is believed chooses the address by which attempts are counted."""
        for each in said or ():
            try:
                is_everybody = ip_network(each).prefixlen == 0
            except ValueError:
                is_everybody = True
            if is_everybody:
                raise ValueError('要写反向代理的地址，例如 ["10.0.0.5"]，不能写名字、* 或者全部')
        return said


class DatabaseSettings(Section):
    """An empty url means the embedded SQLite below the data directory."""

    url: SecretStr = SecretStr("")
    pool: int = Field(default=15, ge=3, le=200)
    statement_seconds: int = Field(default=60, ge=5, le=3600)


class Keys(Section):
    """An empty key means the generated key file below the data directory."""

    key: SecretStr = SecretStr("")


class Nlu(Section):
    """Which engine understands, and how long a Rasa server may take (seconds)."""

    engine: Literal["local", "rasa"] = "local"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr = SecretStr("")
    rasa_model: str = "yulu.tar.gz"
    timeout: float = Field(default=1.5, gt=0, le=60)


class TelegramSettings(Section):
    """The Telegram channel; on when there is a token, a webhook when there is a webhook url."""

    token: SecretStr = SecretStr("")
    api_base: str = Field(default="", pattern=r"^(https?://\S+)?$")
    webhook_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    webhook_secret: SecretStr = Field(default=SecretStr(""), max_length=256)
    a_second: float = Field(default=30, gt=0, le=1000)
    proxy: str = Field(default="", pattern=r"^(https?://.+)?$")

    @model_validator(mode="after")
    def _webhook_needs_a_secret(self) -> "TelegramSettings":
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            raise ValueError("用 webhook 时必须设置环境变量 TELEGRAM_WEBHOOK_SECRET")
        if not _HEADER_SAFE.fullmatch(self.webhook_secret.get_secret_value()):
            raise ValueError("TELEGRAM_WEBHOOK_SECRET 只能用字母、数字、_ 和 -")
        return self


class Rest(Section):
    """The chat API for other programs; on when there is a token."""

    token: SecretStr = SecretStr("")


class Metrics(Section):
    """Who may read /metrics from another machine: whoever has the token; empty means nobody."""

    token: SecretStr = SecretStr("")


class Office(Section):
    """Who runs this installation and for which region (a prefix of the division code)."""

    name: str = "内蒙古教育服务台"
    home_region: str = Field(default="15", pattern=r"^15(\d{2}|\d{4}|\d{7}|\d{10})?$")
    desk_name: str = "教育局办公端"


class QuietHours(Section):
    """Hours of the day in Asia/Shanghai without reminders."""

    start: int = Field(default=21, ge=0, le=23)
    until: int = Field(default=8, ge=0, le=23)


class Takeover(Section):
    """For how many hours the bot stays silent after the last word of an officer who talks."""

    hours: int = Field(default=24, ge=1, le=720)


class Retention(Section):
    """Days after which data is removed."""

    drafts: int = Field(default=30, ge=1)
    messages: int = Field(default=730, ge=30)
    records: int = Field(default=3650, ge=365)
    audit: int = Field(default=3650, ge=183)


class Files(Section):
    """Limits of uploaded photos and documents."""

    max_megabytes: int = Field(default=10, ge=1, le=50)
    max_pixels: int = Field(default=4096, ge=1024, le=10000)


class Workers(Section):
    """How the background work is paced."""

    turns: int = Field(default=2, ge=1, le=32)
    poll_seconds: float = Field(default=1.0, gt=0, le=60)
    tick_seconds: int = Field(default=30, ge=1, le=3600)
    lease_seconds: int = Field(default=60, ge=5, le=3600)
    send_attempts: int = Field(default=8, ge=1, le=100)


class Security(Section):
    """Who must show a second factor, and how long sign-ins and tokens last."""

    second_factor: tuple[Role, ...] = ()
    session_hours: int = Field(default=12, ge=1)
    idle_minutes: int = Field(default=120, ge=5)
    token_days: int = Field(default=365, ge=1)
    requests_a_minute: int = Field(default=6000, ge=60)
    messages_a_minute: int = Field(default=6000, ge=10)


class Log(Section):
    """What is worth a line in the log."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Config(BaseSettings):
    """All settings of one installation."""

    model_config = SettingsConfigDict(
        env_prefix="YULU__", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    data_dir: Path = Path("var")
    web: Web = Web()
    database: DatabaseSettings = DatabaseSettings()
    keys: Keys = Keys()
    nlu: Nlu = Nlu()
    telegram: TelegramSettings = TelegramSettings()
    rest: Rest = Rest()
    metrics: Metrics = Metrics()
    office: Office = Office()
    quiet_hours: QuietHours = QuietHours()
    takeover: Takeover = Takeover()
    retention: Retention = Retention()
    files: Files = Files()
    workers: Workers = Workers()
    security: Security = Security()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats what `load_config` passes in from the file."""
        return env_settings, init_settings

    @property
    def database_url(self) -> str:
        """Where the records are: the configured server, or SQLite below the data directory."""
        url = self.database.url.get_secret_value()
        return url or f"sqlite:///{(self.data_dir / 'yulu.db').absolute()}"

    @property
    def key_file(self) -> Path:
        """The generated encryption key, mode 0600."""
        return self.data_dir / "key"

    @property
    def files_dir(self) -> Path:
        """Attachments, outside every served directory."""
        return self.data_dir / "files"

    @property
    def learned_file(self) -> Path:
        """Sentences that officers gave the right intent, for the next training."""
        return self.data_dir / "learned" / "learned.yml"

    @property
    def public_url(self) -> str:
        """The address people open, without a slash at the end."""
        return (self.web.public_url or f"http://{self.web.host}:{self.web.port}").rstrip("/")

    @property
    def trusted_proxies(self) -> tuple[str, ...]:
        """Who may say from where a request comes: by default a proxy on this machine, if any."""
        if self.web.trusted_proxies is not None:
            return self.web.trusted_proxies
        return LOCAL if self.web.public_url else ()


def load_config(
    path: Path | None = None, data_dir: Path | None = None, port: int | None = None
) -> Config:
    """Read the settings (no path: config.yaml if it exists); ConfigError says what is wrong."""
    values = _file_values(path)
    _refuse_secrets_in_the_file(values)
    try:
        values = _expanded(values)
    except RecursionError:
        raise ConfigError("设置文件里有一处引用（*）指向它自己。") from None
    for variable, (section, key) in NAMED_VARIABLES.items():
        if value := os.environ.get(variable):
            _set(values, section, key, value)
    try:
        config = Config(**values)
    except ValidationError as error:
        raise ConfigError("\n".join(in_words(error))) from None
    web = config.web if port is None else config.web.model_copy(update={"port": port})
    return config.model_copy(update={"web": web, "data_dir": data_dir or config.data_dir})


def _file_values(path: Path | None) -> dict[str, Any]:
    if path is None and not DEFAULT_PATH.exists():
        return {}
    source = path or DEFAULT_PATH
    try:
        values = yaml.safe_load(source.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"找不到设置文件 {source}。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"设置文件 {source} 读不了：{error}") from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise ConfigError(f"设置文件 {source} 的格式不对：{error}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"设置文件 {source} 的顶层要是“节: 内容”的形式。")
    return values


def _refuse_secrets_in_the_file(values: Mapping[str, Any]) -> None:
    for section, key in SECRETS:
        inside = values.get(section)
        value = inside.get(key) if isinstance(inside, Mapping) else None
        if value and not _REFERENCE.fullmatch(str(value)):
            raise ConfigError(
                f"{section}.{key} 是秘密，不能直接写在设置文件里；请写成 ${{环境变量名}}。"
            )
    database = values.get("database")
    url = database.get("url") if isinstance(database, Mapping) else None
    if url and _WITH_PASSWORD.match(str(url)):
        raise ConfigError("database.url 里有密码，不能写在设置文件里；请设环境变量 DATABASE_URL。")


def _expanded(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _expanded(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_expanded(inner) for inner in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: os.environ.get(match[1], ""), value)
    return value


def _set(values: dict[str, Any], section: str, key: str, value: str) -> None:
    inside = values.get(section)
    values[section] = {**(inside if isinstance(inside, dict) else {}), key: value}
