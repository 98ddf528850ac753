"""These tests need PyTorch, which `make test-tuning` installs; elsewhere they are not collected."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]
