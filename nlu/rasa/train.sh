#!/bin/sh
# Trains the Rasa model from the same sentences as the in-process engine.
set -eu
cd "$(dirname "$0")"
mkdir -p words models
cp ../data/jieba.txt words/words.txt
RASA_TELEMETRY_ENABLED=false .venv/bin/rasa train nlu --config config.yml --domain domain.yml \
    --nlu ../data/intents --out models --fixed-model-name yulu
