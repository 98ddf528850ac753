#!/bin/sh
# Creates Rasa's own Python 3.10 environment beside this file, and trains the model.
# PYTHON310 names the interpreter when `python3.10` is not on the path.
set -eu
cd "$(dirname "$0")"
python="${PYTHON310:-python3.10}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    echo "需要 Python 3.10（Rasa 3.6 不支持更新的版本）。请安装后用 PYTHON310=/路径/python3.10 $0 再试。" >&2
    exit 1
fi
echo "建立 nlu/rasa/.venv，约 3 GB，要几分钟……"
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --upgrade pip "setuptools<71"
.venv/bin/python -m pip install --quiet --requirement requirements.txt
if [ ! -f models/yulu.tar.gz ] || [ -n "$(find ../data/intents config.yml -newer models/yulu.tar.gz)" ]; then
    ./train.sh
fi
echo "好了。启动：nlu/rasa/serve.sh，然后 NLU_ENGINE=rasa RASA_URL=http://127.0.0.1:5005 make run"
