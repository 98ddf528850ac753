#!/bin/sh
# Creates the virtual environment with the newest Python the tests were run on: usage create_venv.sh DIR. PYTHON=... names one.
set -eu

usable='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
  if "$candidate" -c "$usable" >/dev/null 2>&1; then
    echo "使用 / using $("$candidate" --version)"
    rm -rf "$1"
    exec "$candidate" -m venv "$1"
  fi
done

echo "没有找到可用的 Python 3.11、3.12 或 3.13（带 venv 模块）。请先安装，例如 Debian/Ubuntu：apt install python3 python3-venv；或者用 PYTHON=路径 make run 指定。" >&2
echo "No usable Python 3.11, 3.12 or 3.13 with its venv module was found. Install one (Debian/Ubuntu: apt install python3 python3-venv), or name it: PYTHON=/path/to/python3 make run" >&2
exit 1
