#!/bin/sh
# Runs the tests marked `rasa` against a real Rasa: usage test_rasa.sh PYTHON. Rasa 3.6 needs its own Python 3.10.
set -eu

found=""
for candidate in ${PYTHON310:-} python3.10 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
  if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; then
    found=$candidate
    break
  fi
done
if [ -z "$found" ]; then
  echo "没有 Python 3.10，Rasa 的测试没有运行（Rasa 3.6 只支持 3.8 到 3.10）。可用 PYTHON310=路径 make test-rasa 指定。"
  echo "No Python 3.10 here, so the Rasa tests did not run (Rasa 3.6 supports 3.8 to 3.10 only). Name one: PYTHON310=/path/to/python3.10 make test-rasa"
  exit 0
fi
PYTHON310=$found sh nlu/rasa/setup.sh
noskip=""
case "${CI:-}" in true | 1) noskip="-p tests.ci_noskip" ;; esac
# shellcheck disable=SC2086
PYTHON310=$found "$1" -m pytest -m rasa $noskip
