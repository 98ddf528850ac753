"""What the deployment guide and its files name is there, and the files are what they should be."""

import re
import shutil
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.main import get_command

from bot.cli.main import cli
from bot.config import NAMED_VARIABLES, Config, load_config
from bot.web.server import LARGEST_BODY
from nlu.bench.embedded import HUGE_PAGES

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs" / "deploy.zh.md"
WRAPPER = DEPLOY / "bin" / "yulu"
UNITS = sorted((DEPLOY / "systemd").glob("yulu*"))
OURS = [
    GUIDE,
    *UNITS,
    *(DEPLOY / "container").glob("*"),
    *(DEPLOY / "caddy").glob("*"),
    *(DEPLOY / "nginx").glob("*"),
    *(DEPLOY / "systemd").glob("env*"),
    WRAPPER,
]
OTHER_VARIABLES = {
    "YULU_DOMAIN",
    "YULU_UPSTREAMS",
    "YULU_BACKUP_PASSPHRASE",
    "YULU_HOME",
    "YULU_ENV",
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "POSTGRES_DB",
}


def commands() -> dict[str, set[str]]:
    """Every command of the service with its options."""
    found: Any = get_command(cli)
    return {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in found.commands.items()
        if isinstance(command, typer.core.TyperCommand)
    }


def test_every_command_that_is_named_exists_with_its_options() -> None:
    known, seen = commands(), set()
    groups = {"officer", "keys"}
    for path in OURS:
        told = path.read_text("utf-8")
        for name, rest in re.findall(r"(?:-m bot|sudo yulu) ([a-z-]+)([^\n`|]*)", told):
            assert name in known or name in groups, f"{path.name}: {name}"
            seen.add(name)
            for option in re.findall(r"(?<=\s)(--?[a-z-]+)", rest if name in known else ""):
                assert option in known[name], f"{path.name}: {name} {option}"
    assert {"run", "move", "backup", "backup-key", "restore", "doctor", "check"} <= seen


STUBS = {
    "id": "#!/bin/sh\necho ${FAKE_UID:-0}\n",
    "runuser": '#!/bin/sh\necho "$1 $2"; shift 3; exec "$@"\n',
}
SHOWS = """#!/bin/sh
echo "$PWD|$DATABASE_URL|$YULU_BACKUP_PASSPHRASE|$YULU__WEB__PUBLIC_URL|$YULU__DATA_DIR"
for word; do echo "<$word>"; done
"""
SETTINGS = """# DATABASE_URL=not this
DATABASE_URL=postgresql://yulu:a$b&c=d@127.0.0.1/yulu
YULU_BACKUP_PASSPHRASE="a b  c"
; YULU_KEY=no
YULU__WEB__PUBLIC_URL='https://a.cn'"""


def wrapped(folder: Path, *words: str, uid: str = "0") -> subprocess.CompletedProcess[str]:
    """The command for technicians, in a folder that stands for the machine."""
    files = {f"bin/{name}": text for name, text in STUBS.items()} | {
        "opt/.venv/bin/python": SHOWS,
        "env": SETTINGS,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(WRAPPER), *words],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
            "FAKE_UID": uid,
            "YULU_HOME": str(folder / "opt"),
            "YULU_ENV": str(folder / "env"),
        },
    )


def test_technicians_run_commands_as_the_service_with_its_settings(tmp_path: Path) -> None:
    done = wrapped(tmp_path, "officer", "list", "--name", "王 老师")
    user, shown, *words = done.stdout.splitlines()
    assert user == "-u yulu"
    home = (tmp_path / "opt").resolve()
    database = "postgresql://yulu:a$b&c=d@127.0.0.1/yulu"
    assert shown == f"{home}|{database}|a b  c|https://a.cn|/var/lib/yulu"
    assert words == ["<-m>", "<bot>", "<officer>", "<list>", "<--name>", "<王 老师>"]


def test_without_root_technicians_are_told_how(tmp_path: Path) -> None:
    done = wrapped(tmp_path, "doctor", uid="1000")
    assert (done.returncode, done.stdout) == (1, "")
    assert "sudo yulu doctor" in done.stderr


def test_container_commands_exist() -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))
    services = compose["services"]
    assert set(services) == {"postgres", "web1", "web2", "worker1", "worker2", "proxy"}
    for name, service in services.items():
        assert set(service) <= {
            *("image", "build", "restart", "stop_grace_period", "read_only", "tmpfs", "cap_drop"),
            *("security_opt", "volumes", "depends_on", "environment", "command", "ports"),
            *("healthcheck", "shm_size", "networks"),
        }
        assert "." not in service["image"].partition("/")[0], "no registry is named"
        if name.startswith(("web", "worker")):
            word, *options = service["command"]
            assert word == "run"
            assert options[:2] == ["--role", name.rstrip("12")]
            assert "data:/data" in service["volumes"], "all use one key and one folder of photos"
            assert "ports" not in service, "only the proxy is reached from outside"
    address = services["proxy"]["networks"]["default"]["ipv4_address"]
    assert address in services["web1"]["environment"]["YULU__WEB__TRUSTED_PROXIES"]


def test_the_settings_of_the_containers_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))
    for name, value in compose["services"]["web1"]["environment"].items():
        assert name in NAMED_VARIABLES or name.startswith("YULU__") or name in OTHER_VARIABLES
        if name.startswith("YULU__"):
            monkeypatch.setenv(name, value.replace("${YULU_DOMAIN:?先在 .env 里写}", "a.cn"))
    config = load_config()
    assert config.public_url == "https://a.cn"
    assert config.trusted_proxies == ("172.30.0.10",)
    assert config.web.drain_seconds == 10


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_variable_that_is_named_is_one_of_ours(path: Path) -> None:
    told = path.read_text("utf-8")
    for name in set(re.findall(r"\b(?:YULU|TELEGRAM|DATABASE|METRICS|POSTGRES)_[A-Z_]+\b", told)):
        if not name.startswith("YULU__"):
            assert name in NAMED_VARIABLES or name in OTHER_VARIABLES, name
            continue
        section, _, key = name.removeprefix("YULU__").lower().partition("__")
        if not key:
            assert section in Config.model_fields, name
            continue
        model: Any = Config.model_fields[section].annotation
        assert key in model.model_fields, name


def test_every_file_that_the_guide_names_is_there() -> None:
    told = GUIDE.read_text("utf-8")
    links = re.findall(r"\]\(([\w./-]+\.md)\)", told)
    assert links
    assert all((GUIDE.parent / link).is_file() for link in links)
    files = re.findall(r"\bdeploy/[\w./@-]+\w", told)
    assert len(files) > 8
    for name in files:
        assert list(ROOT.glob(name)) or list(ROOT.glob(f"{name}*")), name


def settings_of(unit: Path) -> dict[str, str]:
    lines = unit.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_hardened_and_systemd_understands_them(unit: Path, tmp_path: Path) -> None:
    if unit.suffix == ".service":
        told = settings_of(unit)
        assert told["User"] == "yulu"
        assert told["ProtectSystem"] == "strict"
        assert told["NoNewPrivileges"] == "yes"
        assert told["CapabilityBoundingSet"] == ""
    if (analyze := shutil.which("systemd-analyze")) is None:
        return  # the rest of the test stands
    for each in UNITS:  # the program is somewhere else here
        text = each.read_text("utf-8").replace("/opt/yulu/.venv/bin/python", "/bin/true")
        text = text.replace("WorkingDirectory=/opt/yulu", "WorkingDirectory=/")
        (tmp_path / each.name).write_text(text, "utf-8")
    name = unit.name.replace("@.", "@8001.")
    if name != unit.name:
        shutil.copy(tmp_path / unit.name, tmp_path / name)
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    complaints = [line for line in done.stderr.splitlines() if unit.stem.split("@")[0] in line]
    assert complaints == [], done.stderr


def test_proxies_stream_answers_take_photos_and_write_the_address_themselves() -> None:
    nginx = (DEPLOY / "nginx" / "yulu.conf").read_text("utf-8")
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    events = nginx[nginx.index("location = /chat/events") :].partition("}")[0]
    assert "proxy_buffering off;" in events
    assert "flush_interval -1" in caddy
    code = "\n".join(line.partition("#")[0] for line in nginx.splitlines())
    assert "X-Forwarded-For $remote_addr;" in code
    assert "proxy_add_x_forwarded_for" not in code
    assert "keepalive_timeout 3s;" in code, "before uvicorn ends the connection, after 5 s"
    assert "keepalive 3s" in caddy
    assert code.count("{") == code.count("}")
    assert caddy.count("{") == caddy.count("}")
    assert f"client_max_body_size {LARGEST_BODY >> 20}m;" in nginx
    for plain_on_disk in ("proxy_request_buffering off;", "proxy_max_temp_file_size 0;"):
        assert plain_on_disk in nginx
    assert f"max_size {LARGEST_BODY >> 20}MiB" in caddy, "48MB would be 48,000,000 and too little"


def test_proxies_keep_the_figures_inside_however_they_are_spelled() -> None:
    """The service takes `/ready/` for `/ready`: a rule for the bare path alone lets it out."""
    nginx = (DEPLOY / "nginx" / "yulu.conf").read_text("utf-8")
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    (rule,) = re.findall(r"location ~ (\S+) \{ return 404; \}", nginx)
    (matcher,) = re.findall(r"@inside path (.+)", caddy)
    assert "respond @inside 404" in caddy
    for path in ("/metrics", "/metrics/", "/ready", "/ready/"):
        assert re.search(rule, path), path
        assert any(fnmatchcase(path, each) for each in matcher.split()), path
    for path in ("/", "/health", "/desk", "/readying", "/chat/events"):
        assert not re.search(rule, path), path
        assert not any(fnmatchcase(path, each) for each in matcher.split()), path


def test_nginx_of_the_long_lived_distributions_can_read_its_file() -> None:
    """`http2 on` came with 1.25.1; Debian 12 has 1.22, Ubuntu 24.04 has 1.24: they refuse it."""
    nginx = (DEPLOY / "nginx" / "yulu.conf").read_text("utf-8")
    assert not re.search(r"^\s*http2\s", nginx, re.MULTILINE)
    secure = re.findall(r"^\s*listen \S*443 (.*);", nginx, re.MULTILINE)
    assert secure == ["ssl http2", "ssl http2"]


def test_the_image_takes_all_that_the_service_imports() -> None:
    told = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
    copied = set(re.findall(r"^COPY (\w+) \1$", told, re.MULTILINE))
    assert copied == {"bot", "flows", "nlu", "storage"}
    files = {"requirements.lock", "config.yaml", "pyproject.toml"}
    sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert sent[1] == "*", "neither data nor keys are sent to whoever builds"
    assert {line[1:] for line in sent if line.startswith("!")} == copied | files
    assert re.search(r"^ARG BASE=[\w:.-]+$", told, re.MULTILINE), "no registry is named"
    assert "--require-hashes" in told
    assert re.search(r"^USER yulu$", told, re.MULTILINE)


@pytest.mark.parametrize(
    "path",
    [
        DEPLOY / "systemd" / "yulu.service",
        DEPLOY / "systemd" / "yulu-worker@.service",
        DEPLOY / "container" / "Containerfile",
    ],
    ids=lambda path: path.name,
)
def test_what_reads_texts_is_started_as_its_speed_is_measured(path: Path) -> None:
    (setting,) = (f"{name}={value}" for name, value in HUGE_PAGES.items())
    assert re.search(rf"^(?:Environment=|ENV ){re.escape(setting)}$", path.read_text("utf-8"), re.M)
