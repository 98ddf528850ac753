#!/bin/sh
# Trains the Rasa model from the same sentences and word lists as the in-process engine.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/rasa ]; then
    echo "先运行 make rasa-setup / run make rasa-setup first" >&2
    exit 1
fi
rm -rf generated
mkdir -p words generated models
cp ../data/jieba.txt words/words.txt
cp ../data/intents/*.yml generated/
learned=../model/learned.yml # what officers judged, brought here by `make train`
if grep -qs 'intent:' "$learned"; then cp "$learned" generated/; fi
.venv/bin/python make_lookups.py generated/lookups.yml
RASA_TELEMETRY_ENABLED=false .venv/bin/rasa train nlu --config config.yml --domain domain.yml \
    --nlu generated --out models --fixed-model-name yulu
