#!/bin/sh
# Creates Rasa's own environment beside this file, once, and trains the model.
set -eu
cd "$(dirname "$0")"

install() {
    python=$(sh ./python.sh)
    echo "用 / with $("$python" --version)：建立 nlu/rasa/.venv，约 3 GB，要几分钟……"
    rm -rf .venv
    "$python" -m venv .venv
    pip=".venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps"
    $pip "pip==24.3.1" "setuptools==70.3.0" "wheel==0.45.1"
    if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))'; then
        $pip --requirement requirements.lock
    else
        echo "注意：Rasa 不支持 Python 3.11，这里照 3.10 的版本清单安装，试过能训练和服务，但没有人保证。" >&2
        sed -e '/^rasa/d' -e 's/^matplotlib==.*/matplotlib==3.6.3/' requirements.lock >.lock-3.11
        $pip --requirement .lock-3.11
        $pip --ignore-requires-python $(grep '^rasa' requirements.lock)
        rm .lock-3.11
    fi
    cp requirements.lock .venv/installed.lock
}

cmp -s requirements.lock .venv/installed.lock || install
if [ ! -f models/yulu.tar.gz ] || [ -n "$(find ../data/intents ../data/jieba.txt ../data/lexicon config.yml domain.yml make_lookups.py -newer models/yulu.tar.gz)" ]; then
    sh ./train.sh
fi
echo "好了。启动：RASA_TOKEN=一串密码 make rasa-run，然后 RASA_TOKEN=同一串 NLU_ENGINE=rasa make run"
