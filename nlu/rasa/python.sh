#!/bin/sh
# Prints the Python to make Rasa's environment with: 3.10, which Rasa supports, or else 3.11.
# PYTHON310 names one; then nothing else is tried.
set -eu

is() { # PATH MINOR
    "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, $2))" >/dev/null 2>&1
}

if [ -n "${PYTHON310:-}" ]; then
    if is "$PYTHON310" 10; then echo "$PYTHON310"; exit 0; fi
    echo "PYTHON310=$PYTHON310 不是能用的 Python 3.10 / is no usable Python 3.10" >&2
    exit 1
fi
pyenv="${PYENV_ROOT:-$HOME/.pyenv}/versions"
for minor in 10 11; do
    for candidate in "python3.$minor" "$pyenv"/3.$minor.*/bin/python; do
        if is "$candidate" "$minor"; then echo "$candidate"; exit 0; fi
    done
done
echo "没有找到 Python 3.10（也没有 3.11）。Rasa 3.6 只支持 3.8 到 3.10；装好后用 PYTHON310=/路径/python3.10 指定。" >&2
echo "No Python 3.10 (nor 3.11) here. Rasa 3.6 supports 3.8 to 3.10; install one and name it: PYTHON310=/path/to/python3.10" >&2
exit 1
